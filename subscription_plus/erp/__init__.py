"""The door to ERPNext: the only place that makes or reads its selling and accounting documents.

One file per kind. ERPNext's own functions do the work; what they do not protect themselves from is
guarded here (docs/architecture.md lists it).
"""
