//! The connection inside one process: resumed, refused, lost, never let in.
