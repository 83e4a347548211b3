//! May we speak? Tables over the pure rules, and over what custom ids, tokens, starts and labels look like.
