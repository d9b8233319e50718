# Two commands for everybody: `make demo` and `make test`. Both set up what they need.

# The first Python that is new enough.
PYTHON := $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
  $$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' \
  2>/dev/null && echo $$p && break; done)
VENV := .venv
# Lab machines are made from these; `labrun doctor` names what each is for.
PACKAGES := systemd-container mmdebstrap debian-archive-keyring openssl iproute2 \
  iptables python3-venv
SUDO := $(if $(filter 0,$(shell id -u)),,sudo)
# Docker from another source than the distribution's stays as it is.
DOCKER := $(shell PATH="$$PATH:/usr/sbin" command -v dockerd >/dev/null || echo docker.io)
KEPT := LABRUN_STATE_DIR,LABRUN_MACHINE_DIR,LABRUN_MACHINE_HOST,DOCKER_HOST,NO_COLOR
# Root compiles nothing into a learner's checkout: those files could not be removed.
AS_ROOT := $(if $(SUDO),sudo --preserve-env=$(KEPT) env PYTHONDONTWRITEBYTECODE=1)
INSTALL := DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends
WORKERS ?= 4

.PHONY: demo test bench lint clean host-packages

demo: $(VENV)/.installed host-packages
	@$(AS_ROOT) $(VENV)/bin/labrun demo containerd-and-ctr

test: PACKAGES += docker-registry skopeo openssh-client openssh-server sudo zsh vim-tiny less $(DOCKER)
test: $(VENV)/.installed-dev host-packages
	$(AS_ROOT) $(VENV)/bin/python -m pytest -p no:cacheprovider -n $(WORKERS) --dist loadgroup --reruns 2

bench: PACKAGES += $(DOCKER)
bench: $(VENV)/.installed-bench host-packages
	$(AS_ROOT) $(VENV)/bin/python tests/bench

lint: $(VENV)/.installed-dev
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy

clean:
	rm -rf $(VENV) build dist

# Only what is missing is installed, so a second run asks for nothing. The tests start
# docker-registry themselves; the package's service is not used.
host-packages:
	@missing=$$(for p in $(PACKAGES); do \
	  dpkg-query -W -f='$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || echo $$p; done); \
	if [ -n "$$missing" ]; then \
	  echo "Installing what lab machines are made from:" $$missing; \
	  [ -z "$(SUDO)" ] || echo "sudo is needed to install packages and to boot lab machines."; \
	  $(SUDO) sh -c "apt-get update -qq && $(INSTALL) $$(echo $$missing) >/dev/null \
	    && { [ ! -d /run/systemd/system ] || ! command -v docker-registry >/dev/null \
	    || systemctl disable -q --now docker-registry; }"; \
	fi

$(VENV)/bin/python:
	@if [ -z "$(PYTHON)" ]; then \
	  echo "Installing Python's venv (sudo is needed for that)"; \
	  $(SUDO) sh -c "apt-get update -qq && $(INSTALL) python3 python3-venv >/dev/null"; fi
	$(or $(PYTHON),python3) -m venv $(VENV)

$(VENV)/.installed: $(VENV)/bin/python pyproject.toml
	$(VENV)/bin/pip install -q --disable-pip-version-check -e .
	$(VENV)/bin/python -m compileall -q checks lab_runner
	@touch $@

$(VENV)/.installed-dev: $(VENV)/bin/python pyproject.toml
	$(VENV)/bin/pip install -q --disable-pip-version-check -e '.[dev]'
	$(VENV)/bin/python -m compileall -q checks lab_runner
	@touch $@ $(VENV)/.installed

$(VENV)/.installed-bench: $(VENV)/.installed-dev
	$(VENV)/bin/pip install -q --disable-pip-version-check -e '.[dev,bench]'
	@touch $@
