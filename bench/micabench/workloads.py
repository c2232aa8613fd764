"""W1 to W7: each yields rows of (what, measured by whom, Result)."""

import contextlib
from dataclasses import dataclass, field
from pathlib import Path

from micabench import floors, places
from micabench.measure import Result


@dataclass
class Job:
    dockerfile: Path
    context: Path
    target: str
    cached: bool = False
    compression: str = "gzip"
    mica_options: list = field(default_factory=list)


@dataclass
class Row:
    what: str
    tool: str
    result: Result


class Bench:
    """What every workload needs: tools, corpora, places and the number of runs."""

    def __init__(self, mica, peers, corpora, data, options):
        self.mica, self.peers, self.corpora, self.data = mica, peers, corpora, data
        self.fs, self.runs = options.fs, options.runs
        self.count = 0

    @contextlib.contextmanager
    def place(self):
        with places.fresh_directory(self.fs, self.data) as place:
            yield place

    @contextlib.contextmanager
    def registry(self, *images):
        with places.registry_over(self.corpora.blobs(sorted(images)), self.data) as registry:
            yield registry

    def job(self, place, registry, text, context=None, **more):
        """A job that pushes to a repository which does not exist, with a file that no job had."""
        self.count += 1
        directory = place / f"job{self.count}"
        directory.mkdir()
        (directory / "Dockerfile").write_text(text.format(registry=registry.host))
        (directory / "unique").write_text(f"this is job {self.count}\n")
        return Job(directory / "Dockerfile", context or directory, f"{registry.host}/out/job{self.count}:latest", **more)

    def cold(self, what, images, text, context=None, **more):
        """Each run of each tool starts on a fresh file system with nothing known."""
        for tool in [self.mica, *self.peers]:
            samples = []
            for _ in range(self.runs if tool is self.mica else 1):
                with self.place() as place, self.registry(*images) as registry:
                    samples.append(tool.build(place, self.job(place, registry, text, context, **more)))
            yield Row(what, tool.name, Result(samples))

    def warm(self, what, images, text, context=None, **more):
        """One build that is not counted, then builds with something new on the same state."""
        for tool in [self.mica, *self.peers]:
            samples = []
            with self.place() as place, self.registry(*images) as registry:
                tool.build(place, self.job(place, registry, text, context, **more))
                for _ in range(self.runs if tool is self.mica else 1):
                    samples.append(tool.build(place, self.job(place, registry, text, context, **more)))
            yield Row(what, tool.name, Result(samples))

    def floor(self, what, name, body):
        samples = []
        for _ in range(self.runs):
            with self.place() as place:
                samples.append(body(place))
        return Row(what, name, Result(samples))


W1 = "FROM {registry}/bench/debian\nRUN echo hello > /written\nCOPY unique /unique\n"
W2 = "FROM {registry}/bench/debian\nCOPY . /app/node_modules\n"
W3 = "FROM {registry}/bench/big\n" + "".join(f"RUN echo {n} > /touched{n}\n" for n in range(10))
W4 = "FROM {registry}/bench/tiny\nCOPY . /data\n"
W6 = "".join(f"FROM {{registry}}/bench/tiny AS s{n}\nRUN sleep 2 && echo {n} > /made{n}\n" for n in range(6)) + \
    "FROM {registry}/bench/tiny\n" + "".join(f"COPY --from=s{n} /made{n} /\n" for n in range(6))
W7 = "FROM {registry}/bench/big\nENV A=b\nLABEL c=d\nCOPY unique /unique\nCMD [\"sh\"]\n"


def w1(bench):
    """A small image: one RUN, one COPY."""
    image = bench.corpora.image("debian")
    yield bench.floor("cold", "igzip | tar", lambda place: floors.extract(image, place))
    yield from bench.cold("cold", ["debian"], W1)
    yield from bench.warm("base known", ["debian"], W1)


def w2(bench):
    """COPY of a node_modules."""
    context = bench.corpora.context("npm")
    yield bench.floor("cold", "tar | sha256sum", lambda place: floors.pack(context))
    yield from bench.cold("cold", ["debian"], W2, context)


def w3(bench):
    """Ten RUNs of one file each on a large base."""
    image = bench.corpora.image("big")
    yield bench.floor("cold", "igzip | tar", lambda place: floors.extract(image, place))
    yield from bench.cold("cold", ["big"], W3)
    yield from bench.warm("base known", ["big"], W3)


def w4(bench):
    """A mixed layer of 1 GiB."""
    context = bench.corpora.context("mixed")
    yield bench.floor("gzip", "tar | sha256sum", lambda place: floors.pack(context))
    yield from bench.cold("gzip", ["tiny"], W4, context)
    yield from bench.cold("zstd", ["tiny"], W4, context, compression="zstd")


def w5(bench):
    """W3 once more, everything in the cache."""
    yield from bench.warm("cached", ["big"], W3, cached=True)


def w6(bench):
    """Six stages that sleep for 2 s each."""
    yield bench.floor("cold", "sleep 2", lambda place: floors.measure.run(["sleep", "2"]))
    yield from bench.cold("cold", ["tiny"], W6)


def w7(bench):
    """Metadata and one COPY on a large base in the same registry."""
    image = bench.corpora.image("big")
    yield bench.floor("first time", "igzip", lambda place: floors.inflate(image))
    yield from bench.cold("first time", ["big"], W7)
    yield from bench.warm("base known", ["big"], W7)


ALL = {function.__name__.upper(): function for function in (w1, w2, w3, w4, w5, w6, w7)}
