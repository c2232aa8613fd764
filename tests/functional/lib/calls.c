// What the kernel and the C library promise of files, sockets and programs, one line a check: "ok NAME" or
// "BROKEN NAME". Where a check names a refusal, it is one that docs/isolation.md tells of.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>
extern char **environ;
static int failures;
static void check(const char *name, int ok)
{
    printf("%s %s%s%s\n", ok ? "ok" : "BROKEN", name, ok ? "" : ": ", ok ? "" : strerror(errno));
    failures += !ok;
    errno = 0;
}
static int has(const char *path, const char *text)
{
    char bytes[256] = "";
    int f = open(path, O_RDONLY), n;
    if (f < 0) return 0;
    n = read(f, bytes, 255);
    close(f);
    return n >= 0 && strcmp(bytes, text) == 0;
}
static int put(const char *path, const char *text)
{
    int f = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    if (f < 0) return 0;
    return write(f, text, strlen(text)) == (ssize_t)strlen(text) && close(f) == 0;
}
static void *in_thread(void *at)
{
    struct stat s;
    *(int *)at = stat("/etc/passwd", &s) == 0 && chdir("/tmp") == 0;
    return 0;
}
static int run(char *const argv[], int fd)
{
    int status;
    pid_t p = fork();
    if (p == 0) {
        if (fd >= 0) syscall(SYS_execveat, fd, "", argv, environ, AT_EMPTY_PATH);
        else execv(argv[0], argv);
        _exit(99);
    }
    waitpid(p, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
int main(int argc, char **argv)
{
    struct stat s; struct statfs fs; char text[4096]; int f, g, d, ok, status; pid_t p;
    (void)argc;
    if (argc > 1) return atoi(argv[1]);
    mkdir("/w", 0755); check("chdir", chdir("/w") == 0);
    check("getcwd", getcwd(text, sizeof text) && !strcmp(text, "/w"));
    check("write", put("a", "one") && has("/w/a", "one") && has("./../w/a", "one"));
    check("rename", rename("a", "b") == 0 && has("b", "one") && stat("a", &s) != 0);
    check("link", link("b", "c") == 0 && stat("c", &s) == 0 && s.st_nlink == 2);
    check("symlink", symlink("/w/b", "l") == 0 && has("l", "one") && readlink("l", text, 99) == 4);
    check("hard link to a link", linkat(AT_FDCWD, "l", AT_FDCWD, "l2", 0) == 0 && lstat("l2", &s) == 0 && S_ISLNK(s.st_mode));
    check("dangling link makes its target", symlink("/w/new", "dl") == 0 && put("dl", "x") && has("/w/new", "x"));
    check("unlink", unlink("c") == 0 && access("c", F_OK) != 0 && errno == ENOENT);
    check("rmdir of .", rmdir(".") != 0 && errno == EINVAL);
    check("unlink of a directory", mkdir("d", 0700) == 0 && unlink("d") != 0 && errno == EISDIR);
    check("rmdir", rmdir("d/") == 0);
    check("trailing slash of a file", unlink("b/") != 0 && errno == ENOTDIR);
    check("truncate", truncate("b", 1) == 0 && has("b", "o"));
    struct timespec t[2] = {{1, 2}, {3, 0}};
    check("utimensat", utimensat(AT_FDCWD, "b", t, 0) == 0 && stat("b", &s) == 0 && s.st_mtime == 3);
    check("utimensat of a link", utimensat(AT_FDCWD, "l", t, AT_SYMLINK_NOFOLLOW) == 0 && lstat("l", &s) == 0 && s.st_mtime == 3);
    check("futimens", (f = open("b", O_RDWR)) >= 0 && futimens(f, NULL) == 0); close(f);
    check("statfs", statfs("/w", &fs) == 0 && fs.f_bsize > 0);
    check("statfs of /proc", statfs("/proc", &fs) == 0 && fs.f_type == 0x9fa0);
    check("xattr", setxattr("b", "user.x", "v", 1, 0) == 0 && getxattr("b", "user.x", text, 9) == 1 && listxattr("b", text, 99) > 0);
    d = open("/w", O_RDONLY | O_DIRECTORY);
    check("openat", (f = openat(d, "b", O_RDONLY)) >= 0); close(f);
    check("O_EXCL", open("b", O_CREAT | O_EXCL | O_RDWR, 0600) < 0 && errno == EEXIST);
    check("O_TMPFILE", (f = open("/w", O_TMPFILE | O_RDWR, 0640)) >= 0 && write(f, "tmp", 3) == 3);
    sprintf(text, "/proc/self/fd/%d", f);
    check("linking a nameless file", linkat(AT_FDCWD, text, AT_FDCWD, "named", AT_SYMLINK_FOLLOW) == 0 && has("named", "tmp") && stat("named", &s) == 0 && (s.st_mode & 0777) == 0640); close(f);
    check("O_PATH of a link", (f = open("l", O_PATH | O_NOFOLLOW)) >= 0 && fstat(f, &s) == 0 && S_ISLNK(s.st_mode) && readlinkat(f, "", text, 99) == 4); close(f);
    check("O_PATH of a directory", (f = open("/w", O_PATH | O_DIRECTORY)) >= 0 && (g = openat(f, "b", O_RDONLY)) >= 0 && fstatat(f, "", &s, AT_EMPTY_PATH) == 0 && S_ISDIR(s.st_mode)); close(f); close(g);
    check("reopening O_PATH", (f = open("b", O_PATH)) >= 0 && (sprintf(text, "/proc/self/fd/%d", f), (g = open(text, O_RDONLY)) >= 0)); close(f); close(g);
    check("fchdir and ..", fchdir(d) == 0 && chdir("..") == 0 && getcwd(text, 99) && !strcmp(text, "/") && chdir("/w") == 0);
    check(".. of the root", chdir("../../../..") == 0 && getcwd(text, 99) && !strcmp(text, "/") && chdir("/w") == 0);
    check("a directory that is gone", mkdir("gone", 0755) == 0 && chdir("gone") == 0 && rmdir("/w/gone") == 0 && !getcwd(text, 99) && errno == ENOENT && open("x", O_CREAT | O_RDWR, 0600) < 0 && chdir("/w") == 0);
    /* FIFO: the reader waits, then the writer comes. */
    check("mkfifo", mkfifo("fifo", 0600) == 0);
    if ((p = fork()) == 0) { usleep(200000); f = open("fifo", O_WRONLY); _exit(write(f, "pipe", 4) != 4); }
    check("a FIFO waits for its writer", (f = open("fifo", O_RDONLY)) >= 0 && read(f, text, 9) == 4); close(f); waitpid(p, &status, 0);
    if ((p = fork()) == 0) { open("fifo", O_RDONLY); _exit(0); }
    usleep(100000); kill(p, SIGKILL); waitpid(p, &status, 0); usleep(200000);
    check("who was killed waits no more", open("fifo", O_WRONLY | O_NONBLOCK) < 0 && errno == ENXIO);
    /* Unix sockets */
    struct sockaddr_un a = {AF_UNIX, "/w/socket"}; socklen_t len;
    f = socket(AF_UNIX, SOCK_STREAM, 0);
    check("bind", bind(f, (void *)&a, sizeof a) == 0 && listen(f, 1) == 0 && stat("/w/socket", &s) == 0 && S_ISSOCK(s.st_mode));
    check("bind again", bind(socket(AF_UNIX, SOCK_STREAM, 0), (void *)&a, sizeof a) != 0 && errno == EADDRINUSE);
    g = socket(AF_UNIX, SOCK_STREAM, 0);
    check("connect", connect(g, (void *)&a, sizeof a) == 0);
    check("connect to nothing", (strcpy(a.sun_path, "/w/none"), connect(socket(AF_UNIX, SOCK_STREAM, 0), (void *)&a, sizeof a)) != 0 && errno == ENOENT);
    strcpy(a.sun_path, "dgram"); f = socket(AF_UNIX, SOCK_DGRAM, 0);
    check("datagrams", bind(f, (void *)&a, sizeof a) == 0 && sendto(socket(AF_UNIX, SOCK_DGRAM, 0), "dg", 2, 0, (void *)&a, sizeof a) == 2 && recv(f, text, 9, 0) == 2);
    check("deep directories", mkdir("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 0755) == 0 && chdir("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa") == 0 && mkdir("bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", 0755) == 0 && chdir("bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb") == 0);
    strcpy(a.sun_path, "s"); f = socket(AF_UNIX, SOCK_STREAM, 0);
    check("a socket deep down", bind(f, (void *)&a, sizeof a) == 0 && listen(f, 1) == 0 && connect(socket(AF_UNIX, SOCK_STREAM, 0), (void *)&a, sizeof a) == 0 && chdir("/w") == 0);
    check("inotify", (f = inotify_init1(IN_NONBLOCK)) >= 0 && inotify_add_watch(f, "/w", IN_CREATE) >= 0 && put("watched", "") && read(f, text, sizeof text) > 0); close(f);
    /* programs */
    char *seven[] = {"/proc/self/exe", "7", 0}; check("executing /proc/self/exe", run(seven, -1) == 7);
    f = open("/bin/checks", O_RDONLY); seven[0] = "x"; check("fexecve", run(seven, f) == 7); close(f);
    f = memfd_create("program", 0); g = open("/bin/checks", O_RDONLY);
    while ((ok = read(g, text, sizeof text)) > 0) write(f, text, ok);
    check("executing memory", run(seven, f) == 7); close(f); close(g);
    char *none[] = {"/none", 0}; check("executing nothing", (execv(none[0], none), errno == ENOENT));
    char *dir[] = {"/w", 0}; check("executing a directory", (execv(dir[0], dir), errno == EACCES));
    put("text", "echo hi\n"); chmod("text", 0755); char *tx[] = {"/w/text", 0}; check("executing text", (execv(tx[0], tx), errno == ENOEXEC));
    put("script", "#!/bin/checks 7"); chmod("script", 0755); char *sc[] = {"/w/script", "x", 0}; check("a script's argument", run(sc, -1) == 7);
    put("loop", "#!/w/loop"); chmod("loop", 0755); char *lo[] = {"/w/loop", 0}; check("a loop of scripts", (execv(lo[0], lo), errno == ELOOP));
    check("arguments survive a failure", (execve("/none", none, environ), errno == ENOENT));
    ok = 0; pthread_t th; pthread_create(&th, 0, in_thread, &ok); pthread_join(th, 0); check("threads", ok); chdir("/w");
    check("reading links of processes", readlink("/proc/self/exe", text, 99) == 15 && !strncmp(text, "/usr/bin/checks", 15) && readlink("/proc/self/cwd", text, 99) == 2 && readlink("/proc/self/root", text, 99) == 1);
    check("listing of /proc", (f = open("/proc", O_RDONLY | O_DIRECTORY)) >= 0 && fstatat(f, "self", &s, 0) == 0); close(f);
    check("openat2 is refused", syscall(437, AT_FDCWD, "b", text, 24) < 0 && errno == ENOSYS);
    check("tracing is refused", (p = fork()) == 0 ? (usleep(100000), _exit(0), 0) : (ok = syscall(SYS_ptrace, 16, p, 0, 0) < 0 && errno == EPERM, waitpid(p, &status, 0), ok));
    check("devices", (f = open("/dev/null", O_RDWR)) >= 0 && fstat(f, &s) == 0 && S_ISCHR(s.st_mode)); close(f);
    check("a device anywhere", mknod("zero", S_IFCHR | 0600, (1 << 8) | 5) == 0 && (f = open("zero", O_RDONLY)) >= 0 && read(f, text, 4) == 4 && text[0] == 0 && stat("zero", &s) == 0 && S_ISCHR(s.st_mode)); close(f);
    check("exchange", syscall(SYS_renameat2, AT_FDCWD, "named", AT_FDCWD, "b", 2) == 0 && has("b", "tmp"));
    check("shared memory", (f = open("/dev/shm/m", O_CREAT | O_RDWR, 0600)) >= 0 && ftruncate(f, 4096) == 0 && mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, f, 0) != MAP_FAILED);
    check("chroot to /", chroot("/") == 0); check("chroot elsewhere", chroot("/w") != 0 && errno == EPERM);
    check("nothing waits for a disk", fsync(-1) == 0 && fdatasync(-1) == 0);
    return failures != 0;
}
