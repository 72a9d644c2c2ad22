"""`python -m embedded.fake_stripe --port 12111`: a fake that stays, for the demo."""

import argparse
import threading

from . import FakeStripe


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m embedded.fake_stripe", description=__doc__)
    parser.add_argument("--port", type=int, default=12111)
    parser.add_argument("--secret-key", default="sk_test_fake")
    parser.add_argument("--seed", default="0")
    options = parser.parse_args()
    with FakeStripe(options.port, secret_key=options.secret_key, seed=options.seed) as stripe:
        print(f"Fake Stripe, for trying only: {stripe.url} (key {stripe.secret_key})", flush=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            print("Stopped.")


if __name__ == "__main__":
    main()
