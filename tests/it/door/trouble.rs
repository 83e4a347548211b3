//! Discord in trouble: limits, failures, slowness, lost sockets. What became of every question.
