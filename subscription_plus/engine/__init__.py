"""The rule book: pure functions of dates, money and facts. No framework, no clock, no input or output."""
