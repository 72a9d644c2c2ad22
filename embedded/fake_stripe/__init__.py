"""A small Stripe for trying and testing: real HTTP for the real client library; see README.md."""

from .server import FakeStripe
