# SPDX-License-Identifier: Apache-2.0
# Thin verbs; CMake does the work. Each does everything it needs, from a clean clone on.
.PHONY: help deps test-deps build build-tests install deb dist compare report test lint lint-all format bench bench-load bench-probes fuzz kernels power clean

# Where `make install` installs; DESTDIR comes before it.
PREFIX ?= /usr/local

# What `make compare` compares; ARGUMENTS go to `tare ab`, or to what `make kernels` runs.
BASE ?= origin/main
HEAD ?= HEAD

PACKAGES := $(shell sed 's/#.*//' packages.txt)
TEST_PACKAGES := $(shell sed 's/#.*//' tests/packages.txt)
CXX_FILES = $(shell git ls-files '*.h' '*.cc' '*.c')

help:
	@echo "make deps    install what is missing of packages.txt (Debian)"
	@echo "make build   deps, then the program tare and its servers in build/ (release)"
	@echo "make install build, then install it below PREFIX=/usr/local, with its debug information apart"
	@echo "make deb     build, then the Debian packages tare and tare-dbgsym in build/packages/"
	@echo "make dist    what a release is made of, in build/packages/: source archive, Debian packages, SHA256SUMS"
	@echo "make report  build, run the suite report, write its report.md; prints its path last"
	@echo "make compare BASE=origin/main  build, then the suite gate on BASE and HEAD (what is committed), side by side"
	@echo "make test    build with tests and the packages they need (tests/packages.txt), then every test"
	@echo "make lint    format, the include rules, clang-tidy on what differs from origin/main"
	@echo "make lint-all  the same, clang-tidy on every source"
	@echo "make format  rewrite the sources with clang-format"
	@echo "make bench   Google Benchmark of the request path, parser and store: times, then counts"
	@echo "make bench-load  server CPU per GET beside memcached, the load generator beside memcaslap"
	@echo "make bench-probes  what being counted costs memcached: tare, bpftrace, perf trace, strace"
	@echo "make kernels  what is counted on Debian's kernels 6.1 and 6.12, booted in QEMU; fetched by apt once"
	@echo "make fuzz    every fuzz target for SECONDS=30, by clang with its sanitizers, from the corpora in tests/fuzz/corpus"
	@echo "make power   how often the comparison finds what was planted, and alarms for nothing: docs/power.md; an hour"
	@echo "make clean   remove build/"

deps:
	@tools/install_packages.sh $(PACKAGES)

test-deps:
	@tools/install_packages.sh $(PACKAGES) $(TEST_PACKAGES)

# A build that has tests keeps them: only what a report needs is built here in any case.
build: deps
	[ -f build/build.ninja ] || cmake --preset release
	cmake --build --preset release --target tare

build-tests: test-deps
	[ -f build/build.ninja ] && grep -q '^TARE_TESTS:BOOL=ON$$' build/CMakeCache.txt || cmake --preset release -DTARE_TESTS=ON
	cmake --build --preset release

install: build
	cmake --install build --prefix $(abspath $(PREFIX))

# One revision makes one package, whenever it is made.
deb: build
	rm -rf build/packages
	SOURCE_DATE_EPOCH=$$(git log -1 --format=%ct 2>/dev/null || date +%s) cpack --config build/CPackConfig.cmake -B build/packages
	rm -rf build/packages/_CPack_Packages

dist: deb
	tools/make_dist.sh build

report: build
	build/tare run report
	build/tare report

compare: build
	build/tare ab gate --base $(BASE) --head $(HEAD) $(ARGUMENTS)

test: build-tests
	ctest --test-dir build -j2 --output-on-failure

lint: TIDY = changed
lint-all: TIDY = all
lint lint-all: build-tests
	clang-format --dry-run --Werror $(CXX_FILES)
	python3 tools/check_includes.py .
	python3 tools/check_docs.py .
	python3 tools/tidy.py build $(TIDY)

format:
	clang-format -i $(CXX_FILES)

bench: build-tests
	build/tare-bench-timed
	build/tare-bench-counted --benchmark_min_time=0.01

bench-load: build-tests
	status=0; for bench in load_ratios load_bench; do /usr/bin/python3 tests/bench/$$bench.py build || status=1; done; exit $$status

bench-probes: build-tests
	/usr/bin/python3 tests/bench/probes_bench.py build

# ARGUMENTS: --kernel 6.1 for one of them.
kernels: build-tests
	/usr/bin/python3 -B tests/accuracy/kernels/kernels.py build $(ARGUMENTS)

# What a fuzzer finds stays in build/fuzz/found; a mended one goes to the corpus. Two at once.
SECONDS ?= 30
fuzz: test-deps
	[ -f build/fuzz/build.ninja ] || cmake --preset fuzz
	cmake --build --preset fuzz --target fuzzers
	mkdir -p build/fuzz/found
	ls tests/fuzz/corpus | xargs -P2 -I% sh -c 'mkdir -p build/fuzz/grown/% && build/fuzz/tare-fuzz-% \
	  -max_total_time=$(SECONDS) -timeout=10 -rss_limit_mb=2048 -artifact_prefix=build/fuzz/found/%- -print_final_stats=1 \
	  build/fuzz/grown/% tests/fuzz/corpus/% > build/fuzz/found/%.log 2>&1 || { tail -40 build/fuzz/found/%.log; exit 1; }'
	tail -qn6 build/fuzz/found/*.log | grep -h number_of_executed_units

power: build-tests
	/usr/bin/python3 tests/bench/power/power.py build --write docs/power.md

clean:
	rm -rf build
