"""The programs that are measured, each as: build this Dockerfile, push it there."""

from micabench import measure


class Mica:
    name = "mica"

    def __init__(self, program):
        self.program = program

    def build(self, place, job):
        argv = [self.program, "build", "--state", str(place / "mica"), "--progress", "plain",
                "-f", str(job.dockerfile), "-t", job.target, "--push"]
        if job.compression != "gzip":
            argv += ["--compression", job.compression]
        if not job.cached:
            argv += ["--no-cache"]
        return measure.run([*argv, *job.mica_options, str(job.context)])


class Buildah:
    """Debian's, with chroot isolation; `driver` is its storage: overlay or vfs."""

    def __init__(self, driver):
        self.driver = driver
        self.name = f"buildah ({driver})"

    def build(self, place, job):
        storage = f"--root {place}/storage --runroot {place}/run --storage-driver {self.driver}"
        layers = "--layers" if job.cached else "--layers=false"
        push = f"--compression-format {job.compression}" if job.compression != "gzip" else ""
        return measure.shell(
            f"export TMPDIR={place} BUILDAH_ISOLATION=chroot; "
            f"buildah {storage} bud -q --tls-verify=false {layers} --jobs 0 -f {job.dockerfile} -t out {job.context}; "
            f"buildah {storage} push -q --tls-verify=false {push} out docker://{job.target}")
