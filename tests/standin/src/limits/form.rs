//! Reads a request body field by field and remembers every fault with its path, in Discord's codes and words.
//! What is allowed where is said by the other files; nothing here knows what a message is.

use std::cell::RefCell;
use std::collections::HashSet;
use std::fmt;

use serde_json::{Map, Value, json};

/// One refused field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Keys and indices down to the field, as in `components.0.components.1.label`; empty for the body itself.
    pub path: String,
    /// Discord's code, or one that begins with `STANDIN_` where Discord would ignore the field.
    pub code: &'static str,
    /// In words.
    pub message: String,
}

/// Why a body is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormErrors {
    code: u64,
    message: &'static str,
    faults: Vec<Fault>,
}

impl FormErrors {
    /// What Discord says to a message that shows nothing.
    pub(super) fn empty_message() -> Self {
        Self { code: 50006, message: "Cannot send an empty message", faults: Vec::new() }
    }

    /// Discord's error code: 50035, or 50006 for the empty message.
    pub fn code(&self) -> u64 {
        self.code
    }

    /// Every fault, in the order of the body.
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }

    /// The paths of the faulty fields.
    pub fn paths(&self) -> Vec<String> {
        self.faults.iter().map(|fault| fault.path.clone()).collect()
    }

    /// The body of Discord's answer.
    pub fn json(&self) -> Value {
        let mut answer = json!({ "message": self.message, "code": self.code });
        if self.faults.is_empty() {
            return answer;
        }
        let mut errors = json!({});
        for fault in &self.faults {
            let mut at = &mut errors;
            for step in fault.path.split('.').filter(|step| !step.is_empty()) {
                at = &mut at[step];
            }
            let said = json!({ "code": fault.code, "message": fault.message });
            match at.get_mut("_errors").and_then(Value::as_array_mut) {
                Some(list) => list.push(said),
                None => at["_errors"] = json!([said]),
            }
        }
        answer["errors"] = errors;
        answer
    }
}

impl fmt::Display for FormErrors {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} {}", self.code, self.message)?;
        for Fault { path, code, message } in &self.faults {
            let path = if path.is_empty() { "(body)" } else { path };
            write!(out, "; {path}: {code} {message}")?;
        }
        Ok(())
    }
}

impl std::error::Error for FormErrors {}

/// The faults found so far in one body.
#[derive(Default)]
pub(super) struct Form {
    faults: RefCell<Vec<Fault>>,
}

impl Form {
    pub fn body<'a>(&'a self, value: &'a Value) -> Place<'a> {
        Place { form: self, value, path: String::new() }
    }

    pub fn done(self) -> Result<(), FormErrors> {
        let faults = self.faults.into_inner();
        if faults.is_empty() { Ok(()) } else { Err(FormErrors { code: 50035, message: "Invalid Form Body", faults }) }
    }
}

/// One value of the body and where it stands. A field that is absent reads as null, as Discord reads it.
#[derive(Clone)]
pub(super) struct Place<'a> {
    form: &'a Form,
    value: &'a Value,
    path: String,
}

static NULL: Value = Value::Null;

impl<'a> Place<'a> {
    pub fn value(&self) -> &'a Value {
        self.value
    }

    pub fn given(&self) -> bool {
        !self.value.is_null()
    }

    /// Null, false, zero length: what builders send for "nothing", and what is thus no fault where the field has no meaning.
    pub fn says_nothing(&self) -> bool {
        match self.value {
            Value::Null | Value::Bool(false) => true,
            Value::String(text) => text.is_empty(),
            Value::Array(items) => items.is_empty(),
            Value::Object(map) => map.is_empty(),
            Value::Bool(true) | Value::Number(_) => false,
        }
    }

    pub fn fault(&self, code: &'static str, message: impl Into<String>) {
        let fault = Fault { path: self.path.clone(), code, message: message.into() };
        self.form.faults.borrow_mut().push(fault);
    }

    pub fn field(&self, name: &str) -> Place<'a> {
        self.step(name, self.value.get(name).unwrap_or(&NULL))
    }

    fn step(&self, name: &str, value: &'a Value) -> Place<'a> {
        let path = if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) };
        Place { form: self.form, value, path }
    }

    /// Faults everything but `known` fields. False where this is no object at all, so that its fields need not be asked for.
    pub fn object(&self, known: &[&str]) -> bool {
        let Some(map) = self.map() else { return false };
        for name in map.keys().filter(|name| !known.contains(&name.as_str())) {
            // A dot in a name would be read as a step.
            let shown = name.replace('.', "·");
            self.step(&shown, &NULL).fault("STANDIN_UNKNOWN_FIELD", format!("Discord knows no field \"{name}\" here."));
        }
        true
    }

    fn map(&self) -> Option<&'a Map<String, Value>> {
        let map = self.value.as_object();
        if map.is_none() {
            if self.given() {
                self.fault("DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType");
            } else {
                self.missing();
            }
        }
        map
    }

    /// The entries of an object whose keys are free; none where it is absent.
    pub fn entries(&self) -> Vec<(&'a str, Place<'a>)> {
        if !self.given() {
            return Vec::new();
        }
        let entry = |(key, value): (&'a String, &'a Value)| (key.as_str(), self.step(&key.replace('.', "·"), value));
        self.map().into_iter().flatten().map(entry).collect()
    }

    /// Faults the field where it is absent, null or blank; the other checks pass over it then.
    pub fn required(self) -> Self {
        let blank = self.value.as_str().is_some_and(|text| text.trim().is_empty());
        if !self.given() || blank {
            self.missing();
            return Place { value: &NULL, ..self };
        }
        self
    }

    fn missing(&self) {
        self.fault("BASE_TYPE_REQUIRED", "This field is required");
    }

    /// Faults whatever says something: Discord would ignore it.
    pub fn meaningless(&self, why: &str) {
        if !self.says_nothing() {
            self.fault("STANDIN_IGNORED_FIELD", why);
        }
    }

    fn length(&self, length: usize, min: usize, max: usize) {
        if length >= min && length <= max {
            return;
        }
        if min == 0 {
            self.fault("BASE_TYPE_MAX_LENGTH", format!("Must be {max} or fewer in length."));
        } else {
            self.fault("BASE_TYPE_BAD_LENGTH", format!("Must be between {min} and {max} in length."));
        }
    }

    /// The elements of a list; none where it is absent.
    pub fn items(&self, min: usize, max: usize) -> Vec<Place<'a>> {
        let Some(items) = self.value.as_array() else {
            if self.given() {
                self.fault("LIST_TYPE_CONVERT", "Only iterables may be used in a ListType");
            }
            return Vec::new();
        };
        self.length(items.len(), min, max);
        items.iter().enumerate().map(|(index, item)| self.step(&index.to_string(), item)).collect()
    }

    /// A text that may be absent.
    pub fn text(&self, min: usize, max: usize) -> Option<&'a str> {
        let Some(text) = self.value.as_str() else {
            if self.given() {
                self.fault("STRING_TYPE_CONVERT", format!("Could not interpret \"{}\" as string.", self.value));
            }
            return None;
        };
        self.length(units(text), min, max);
        Some(text)
    }

    /// A whole number that may be absent.
    pub fn integer(&self, min: i64, max: i64) -> Option<i64> {
        let Some(number) = self.value.as_i64() else {
            if self.given() {
                self.fault("NUMBER_TYPE_COERCE", format!("Value \"{}\" is not int.", self.value));
            }
            return None;
        };
        if number < min {
            self.fault("NUMBER_TYPE_MIN", format!("int value should be greater than or equal to {min}."));
        } else if number > max {
            self.fault("NUMBER_TYPE_MAX", format!("int value should be less than or equal to {max}."));
        }
        Some(number)
    }

    pub fn boolean(&self) -> Option<bool> {
        let switch = self.value.as_bool();
        if switch.is_none() && self.given() {
            self.fault("BOOLEAN_TYPE_CONVERT", "Must be either true or false.");
        }
        switch
    }

    /// An id: digits as text, or a number (as attachments have it).
    pub fn snowflake(&self) -> Option<u64> {
        let id = self.value.as_u64().or_else(|| self.value.as_str()?.parse().ok());
        if id.is_none() && self.given() {
            self.fault("NUMBER_TYPE_COERCE", format!("Value \"{}\" is not snowflake.", plain(self.value)));
        }
        id
    }

    /// One of a few numbers.
    pub fn choice(&self, choices: &[i64]) -> Option<i64> {
        let number = self.value.as_i64();
        if self.given() && !number.is_some_and(|number| choices.contains(&number)) {
            let choices: Vec<String> = choices.iter().map(ToString::to_string).collect();
            self.fault("BASE_TYPE_CHOICES", format!("Value must be one of {{{}}}.", choices.join(", ")));
            return None;
        }
        number
    }

    pub fn url(&self, max: usize, schemes: &[&str]) {
        let Some(url) = self.text(0, max) else { return };
        match url.split_once("://") {
            Some((scheme, rest)) if !rest.is_empty() && !url.contains(char::is_whitespace) => {
                if !schemes.contains(&scheme.to_ascii_lowercase().as_str()) {
                    let schemes: Vec<String> = schemes.iter().map(|scheme| format!("'{scheme}'")).collect();
                    let message =
                        format!("Scheme \"{scheme}\" is not supported. Scheme must be one of ({}).", schemes.join(", "));
                    self.fault("URL_TYPE_INVALID_SCHEME", message);
                } else if rest.starts_with(['/', '?', '#', ':', '.']) {
                    self.fault("URL_TYPE_INVALID_URL", "Not a well formed URL.");
                }
            }
            _ => self.fault("URL_TYPE_INVALID_URL", "Not a well formed URL."),
        }
    }

    /// Bits of which only some have a meaning here.
    pub fn flags(&self, allowed: i64) {
        if let Some(bits) = self.integer(0, i64::MAX)
            && bits & !allowed != 0
        {
            self.fault("STANDIN_IGNORED_FLAG", format!("Bits {:#x} have no effect here.", bits & !allowed));
        }
    }
}

/// Faults each of `values` that was there before, where it stands.
pub(super) fn unique<'a>(values: impl IntoIterator<Item = (String, Place<'a>)>, code: &'static str, message: &str) {
    let mut seen = HashSet::new();
    for (value, place) in values {
        if !seen.insert(value) {
            place.fault(code, message);
        }
    }
}

/// Length in UTF-16 units.
pub(super) fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

/// A text without its quotes, anything else as JSON.
pub(super) fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
