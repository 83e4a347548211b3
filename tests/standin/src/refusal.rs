//! What Discord answers when it refuses: HTTP status, its own code and message. Leaves the finding of faults in bodies to
//! `limits`.

use serde_json::{Value, json};

/// A refusal, as the caller gets it.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    pub(crate) body: Value,
    /// No real client would have made this call: the test must hear of it.
    pub(crate) violation: bool,
}

impl Refusal {
    pub(crate) fn new(status: u16, code: u64, message: &str) -> Self {
        Self { status, body: json!({"message": message, "code": code}), violation: false }
    }

    pub(crate) fn unauthorized() -> Self {
        Self::new(401, 0, "401: Unauthorized")
    }

    pub(crate) fn unknown_call() -> Self {
        Self { violation: true, ..Self::new(404, 0, "404: Not Found") }
    }

    /// A body that breaks a limit, told with the paths of what is wrong.
    pub(crate) fn form(body: Value) -> Self {
        Self { status: 400, body, violation: true }
    }

    /// The same answer for a reason that only the server could know.
    pub(crate) fn field(path: &str, code: &str, message: &str) -> Self {
        let errors = json!({path: {"_errors": [{"code": code, "message": message}]}});
        Self { status: 400, body: json!({"code": 50035, "message": "Invalid Form Body", "errors": errors}), violation: false }
    }

    pub(crate) fn by_code(code: u64) -> Self {
        let (status, message) = match code {
            10003 => (404, "Unknown Channel"),
            10004 => (404, "Unknown Guild"),
            10007 => (404, "Unknown Member"),
            10008 => (404, "Unknown Message"),
            10013 => (404, "Unknown User"),
            10014 => (400, "Unknown Emoji"),
            10015 => (404, "Unknown Webhook"),
            10062 => (404, "Unknown interaction"),
            30046 => (429, "Maximum number of edits to messages older than 1 hour reached. Try again later"),
            40060 => (400, "Interaction has already been acknowledged."),
            50001 => (403, "Missing Access"),
            50005 => (403, "Cannot edit a message authored by another user"),
            50006 => (400, "Cannot send an empty message"),
            50007 => (403, "Cannot send messages to this user"),
            50008 => (400, "Cannot send messages in a non-text channel"),
            50013 => (403, "Missing Permissions"),
            50027 => (401, "Invalid Webhook Token"),
            50083 => (400, "Thread is archived"),
            50109 => (400, "The request body contains invalid JSON."),
            160_002 => (400, "Cannot reply without permission to read message history"),
            160_005 => (403, "Thread is locked"),
            200_000 => (400, "Message was blocked by automatic moderation"),
            _ => (400, "General error"),
        };
        Self::new(status, code, message)
    }
}

/// The codes that tests name: the stand-in refuses with nothing but these, 50035 and 0.
pub(crate) fn refuse<T>(code: u64) -> Result<T, Refusal> {
    Err(Refusal::by_code(code))
}
