# Try, test and check the app. Every target can be run twice in a row; the second run finds its tools in .venv.
#
#   make demo                              bill the sample coworking space, then serve it (SERVE=0: only print)
#   make test                              all tests on the embedded host
#   make test-oldest-stripe                the payment tests with the oldest stripe package the app works with
#   make lint                              what CI checks before the tests
#   make openapi                           write docs/openapi.json anew, after an endpoint has changed
#   make bench-test BENCH=~/bench SITE=s   the same tests on a real bench

PYTHON ?= python3
VENV ?= .venv
SERVE ?= 1
BENCH ?=
SITE ?=
BENCH_COMMAND ?= bench

BIN := $(VENV)/bin
REQUIREMENTS := pyproject.toml requirements.txt

SCENARIOS := subscription_plus/tests/scenarios
PAYMENT_TESTS := embedded/fake_stripe $(sort $(wildcard $(SCENARIOS)/test_*pay*.py $(SCENARIOS)/test_*charg*.py \
	$(SCENARIOS)/test_*gateway*.py $(SCENARIOS)/test_*webhook*.py $(SCENARIOS)/test_declines.py \
	$(SCENARIOS)/test_going_back.py $(SCENARIOS)/test_any_history.py $(SCENARIOS)/test_trials_*.py))

.PHONY: demo test test-oldest-stripe lint openapi bench-test clean
.DEFAULT_GOAL := test

demo: $(VENV)/.embedded
	SERVE=$(SERVE) $(BIN)/python -m demo

test: $(VENV)/.test
	$(BIN)/python -m pytest -q $(ARGS)

# `make test` has the newest stripe package, this one the oldest that requirements.txt allows.
test-oldest-stripe: $(VENV)/.oldest-stripe
	PYTHONPATH=$(VENV)/oldest-stripe $(BIN)/python -c 'import stripe; print("stripe", stripe.VERSION)'
	PYTHONPATH=$(VENV)/oldest-stripe $(BIN)/python -m pytest -q $(PAYMENT_TESTS) $(ARGS)

lint: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

openapi: $(VENV)/.embedded
	$(BIN)/python -c "from embedded import take_place; take_place(); from subscription_plus.api import openapi; openapi.write('docs/openapi.json')"

bench-test:
	@test -n "$(BENCH)" -a -n "$(SITE)" || { echo "Usage: make bench-test BENCH=/path/to/bench SITE=a-site-for-tests"; exit 2; }
	@test -d "$(BENCH)/apps/subscription_plus" || { echo "subscription_plus is not on $(BENCH): run 'bench get-app' first"; exit 2; }
	$(BENCH)/env/bin/python -m pip install -q -e "$(BENCH)/apps/subscription_plus[test]"
	cd $(BENCH) && $(BENCH_COMMAND) --site $(SITE) set-config allow_tests true
	@# Frappe lets a site make 60 users an hour; the tests make more.
	cd $(BENCH) && $(BENCH_COMMAND) --site $(SITE) set-config -p throttle_user_limit 100000
	@# run-tests ends with 0 however its tests ended, so its last words are read.
	cd $(BENCH) && log=$$(mktemp) && { $(BENCH_COMMAND) --site $(SITE) run-tests --app subscription_plus 2>&1 | tee "$$log"; \
		grep -q '^OK' "$$log" && ! grep -q '^FAILED' "$$log"; status=$$?; rm -f "$$log"; exit $$status; }

clean:
	rm -rf $(VENV) .demo-site .pytest_cache .hypothesis .mypy_cache .ruff_cache

# One stamp for each set of extras: made again when the requirements change, otherwise nothing to do.
$(VENV)/.embedded: EXTRAS := embedded
$(VENV)/.test: EXTRAS := embedded,test,browser,examples
$(VENV)/.dev: EXTRAS := embedded,dev
$(VENV)/.embedded $(VENV)/.test $(VENV)/.dev: $(VENV)/bin/pip $(REQUIREMENTS)
	$(BIN)/python -m pip install -q --disable-pip-version-check -e ".[$(EXTRAS)]"
	@touch $@

# Only the package itself lies there, before the venv's own on the path.
$(VENV)/.oldest-stripe: $(VENV)/.test requirements.txt
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --upgrade --target $(VENV)/oldest-stripe \
		"stripe==$(shell sed -n 's/^stripe>=//p' requirements.txt).*"
	@touch $@

$(VENV)/bin/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' \
		|| { echo "Python 3.10 or newer is needed; $(PYTHON) is older. Say which: make PYTHON=python3.12 ..."; exit 2; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
		|| { echo "$(PYTHON) cannot make virtual environments. On Debian and Ubuntu: sudo apt-get install python3-venv"; exit 2; }
	$(PYTHON) -m venv $(VENV)
