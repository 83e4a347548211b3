//! The program itself against the stand-in: tokens, close codes, exit codes, signals, the doctor.
