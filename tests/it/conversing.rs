//! The pure rooms a conversation goes through, without any network: whether we may speak, what custom ids, tokens and starts look like,
//! what a message holds, what is suggested. Whole conversations stand in `door`.

mod memory;
mod page_limits;
mod pages;
mod secrets;
mod speaking;
mod starts;
mod suggesting;
mod tickets;
