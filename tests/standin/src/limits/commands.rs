//! What an application may register: names, descriptions, options, choices, their localizations, and how much of each.
//! The daily limit on new commands and what a server makes of permissions are left to the world.

use std::collections::HashMap;

use serde_json::Value;

use super::form::{Place, plain, unique, units};

const CHAT_INPUT: i64 = 1;
const ENTRY_POINT: i64 = 4;
const SUB_COMMAND: i64 = 1;
const SUB_COMMAND_GROUP: i64 = 2;
const STRING: i64 = 3;
const INTEGER: i64 = 4;
const NUMBER: i64 = 10;

/// The languages Discord has.
const LOCALES: [&str; 34] = [
    "ar", "bg", "cs", "da", "de", "el", "en-GB", "en-US", "es-419", "es-ES", "fi", "fr", "he", "hi", "hr", "hu", "id", "it",
    "ja", "ko", "lt", "nl", "no", "pl", "pt-BR", "ro", "ru", "sv-SE", "th", "tr", "uk", "vi", "zh-CN", "zh-TW",
];

const COMMAND_SIZE: usize = 8000;
/// All permission bits there are.
const PERMISSIONS: u64 = (1 << 54) - 1;
/// 2^53: beyond it JSON's numbers lose digits.
pub(super) const SAFE_NUMBER: f64 = 9_007_199_254_740_992.0;

pub(super) fn all(body: &Place) {
    if !body.value().is_array() {
        body.fault("LIST_TYPE_CONVERT", "Only iterables may be used in a ListType");
        return;
    }
    let commands = body.items(0, 130);
    for command in &commands {
        one(command);
    }
    let kind = |command: &Place| command.field("type").value().as_i64().unwrap_or(CHAT_INPUT);
    for (number, max) in [(CHAT_INPUT, 100), (2, 15), (3, 15), (ENTRY_POINT, 1)] {
        if commands.iter().filter(|command| kind(command) == number).count() > max {
            body.fault(
                "APPLICATION_COMMANDS_MAX_EXCEEDED",
                format!("Maximum number of application commands of type {number} reached ({max})."),
            );
        }
    }
    let names = commands.iter().filter(|command| command.field("name").given());
    let names =
        names.map(|command| (format!("{} {}", kind(command), plain(command.field("name").value())), command.field("name")));
    unique(names, "APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique");
    for locale in LOCALES {
        let shown = commands.iter().map(|command| (format!("{} {}", kind(command), shown(command, locale)), command, locale));
        alike_in(shown);
    }
}

fn one(command: &Place) {
    let known = [
        "id",
        "type",
        "name",
        "name_localizations",
        "description",
        "description_localizations",
        "options",
        "default_member_permissions",
        "dm_permission",
        "nsfw",
        "integration_types",
        "contexts",
        "handler",
    ];
    if !command.object(&known) {
        return;
    }
    command.field("id").snowflake();
    let kind = command.field("type").choice(&[1, 2, 3, 4]).unwrap_or(CHAT_INPUT);
    let (description, options) = (command.field("description"), command.field("options"));
    if kind == CHAT_INPUT {
        described(command, true);
        list(&options, 0);
    } else {
        named(command, "name", 32, false);
        for localized in [&description, &command.field("description_localizations"), &options] {
            if kind != ENTRY_POINT {
                localized.meaningless("Only chat input commands have a description and options.");
            }
        }
    }
    permissions(&command.field("default_member_permissions"));
    command.field("dm_permission").boolean();
    command.field("nsfw").boolean();
    numbers(&command.field("contexts"), &[0, 1, 2]);
    numbers(&command.field("integration_types"), &[0, 1]);
    if kind == ENTRY_POINT {
        command.field("handler").choice(&[1, 2]);
    } else {
        command.field("handler").meaningless("Only an entry point has a handler.");
    }
    if size(command.value()) > COMMAND_SIZE {
        command.fault("APPLICATION_COMMAND_TOO_LARGE", format!("Command exceeds maximum size ({COMMAND_SIZE})"));
    }
}

/// Permission bits are a text of digits: they outgrow what JSON's numbers hold.
fn permissions(bits: &Place) {
    let fits = |bits: u64| bits <= PERMISSIONS;
    if bits.given() && !bits.value().as_str().and_then(|text| text.parse().ok()).is_some_and(fits) {
        bits.fault("NUMBER_TYPE_COERCE", format!("Value \"{}\" is not a text of permission bits.", plain(bits.value())));
    }
}

fn numbers(list: &Place, choices: &[i64]) {
    let items = list.items(1, choices.len());
    for item in &items {
        item.clone().required().choice(choices);
    }
    let items = items.into_iter().map(|item| (plain(item.value()), item));
    unique(items, "SET_TYPE_ALREADY_CONTAINS_VALUE", "The set already contains this value");
}

/// Name and description with their localizations.
fn described(place: &Place, lowercase: bool) {
    named(place, "name", 32, lowercase);
    named(place, "description", 100, false);
}

/// A text and its localizations; `strict` for the names members type.
fn named(place: &Place, field: &str, max: usize, strict: bool) {
    let base = place.field(field).required();
    let localized = place.field(&format!("{field}_localizations")).entries();
    let text = |place: &Place| {
        if let Some(text) = place.text(1, max)
            && strict
            && !is_command_name(text)
        {
            place.fault("APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid");
        }
    };
    text(&base);
    for (locale, place) in localized {
        if LOCALES.contains(&locale) {
            text(&place.required());
        } else {
            let known = LOCALES.join(", ");
            place.fault("BASE_TYPE_CHOICES", format!("Value must be one of {{{known}}}."));
        }
    }
}

/// Letters and digits of any script in lower case, `-`, `_` and `'`, with the signs that Devanagari and Thai need.
fn is_command_name(name: &str) -> bool {
    let fits = |c: char| {
        matches!(c, '-' | '_' | '\'' | '\u{900}'..='\u{97f}' | '\u{e00}'..='\u{e7f}')
            || (c.is_alphanumeric() && c.to_lowercase().eq([c]))
    };
    name.chars().all(fits)
}

fn list(options: &Place, depth: usize) {
    let items = options.items(0, 25);
    let kind = |option: &Place| option.field("type").value().as_i64();
    let nested = |option: &&Place| matches!(kind(option), Some(SUB_COMMAND | SUB_COMMAND_GROUP));
    let subs = items.iter().filter(nested).count();
    if subs != 0 && subs != items.len() {
        let message = "Sub-command and sub-command group option types are mutually exclusive to all other types";
        options.fault("APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", message);
    }
    let mut optional = false;
    for item in &items {
        option(item, depth);
        let required = item.field("required").value() == true;
        if required && optional {
            let message = "Required options must be placed before non-required options";
            item.fault("APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", message);
        }
        optional |= !required;
    }
    let names = items.iter().map(|item| item.field("name")).filter(Place::given).map(|name| (plain(name.value()), name));
    unique(names, "APPLICATION_COMMAND_OPTION_NAME_ALREADY_EXISTS", "Option name already exists");
    for locale in LOCALES {
        alike_in(items.iter().map(|item| (shown(item, locale), item, locale)));
    }
}

fn option(option: &Place, depth: usize) {
    let known = [
        "type",
        "name",
        "name_localizations",
        "description",
        "description_localizations",
        "required",
        "choices",
        "options",
        "channel_types",
        "min_value",
        "max_value",
        "min_length",
        "max_length",
        "autocomplete",
    ];
    if !option.object(&known) {
        return;
    }
    described(option, true);
    let Some(kind) = option.field("type").required().choice(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]) else { return };
    option.field("required").boolean();
    option.field("autocomplete").boolean();
    let number = matches!(kind, INTEGER | NUMBER);
    let only = |names: &[&str], fits: bool, why: &str| {
        if !fits {
            names.iter().for_each(|name| option.field(name).meaningless(why));
        }
    };
    only(&["required"], kind > SUB_COMMAND_GROUP, "A subcommand is never required.");
    only(&["options"], kind <= SUB_COMMAND_GROUP, "Only subcommands and their groups have options.");
    only(&["min_value", "max_value"], number, "Only numbers have a smallest and a largest value.");
    only(&["min_length", "max_length"], kind == STRING, "Only texts have a length.");
    only(&["channel_types"], kind == 7, "Only a channel option has channel types.");
    only(&["choices", "autocomplete"], number || kind == STRING, "Only texts and numbers have choices.");
    match kind {
        SUB_COMMAND | SUB_COMMAND_GROUP => subcommands(option, kind, depth),
        STRING => {
            let min = option.field("min_length").integer(0, 6000);
            let max = option.field("max_length").integer(1, 6000);
            if min > max && max.is_some() {
                option
                    .field("min_length")
                    .fault("APPLICATION_COMMAND_OPTIONS_LENGTH_INVALID", "min_length must not be above max_length");
            }
        }
        INTEGER | NUMBER => {
            let bound = |name: &str| {
                let place = option.field(name);
                let bound = place.value().as_f64();
                let whole = kind == NUMBER || place.value().is_i64();
                if place.given() && !(whole && bound.is_some_and(|bound| bound.abs() <= SAFE_NUMBER)) {
                    place.fault("NUMBER_TYPE_COERCE", format!("Value \"{}\" does not fit the option.", place.value()));
                }
                bound
            };
            if let (Some(min), Some(max)) = (bound("min_value"), bound("max_value"))
                && min > max
            {
                option
                    .field("min_value")
                    .fault("APPLICATION_COMMAND_OPTIONS_VALUE_INVALID", "min_value must not be above max_value");
            }
        }
        _ => {}
    }
    choices(&option.field("choices"), kind);
    if option.field("autocomplete").value() == true && !option.field("choices").says_nothing() {
        let message = "Autocomplete and choices are mutually exclusive";
        option.field("choices").fault("APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_CHOICES_EXCLUSIVE", message);
    }
}

fn subcommands(option: &Place, kind: i64, depth: usize) {
    let options = option.field("options");
    let inside = |group: bool| {
        let items = options.value().as_array().into_iter().flatten();
        items.filter(|item| matches!(item["type"].as_i64(), Some(SUB_COMMAND | SUB_COMMAND_GROUP)) != group).count()
    };
    // Groups stand at the top only and hold subcommands only; subcommands hold none.
    let misplaced = if kind == SUB_COMMAND { inside(false) } else { inside(true) };
    if misplaced > 0 || (kind == SUB_COMMAND_GROUP && depth > 0) || depth > 1 {
        option.fault("APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Subcommands are nested too deeply or in the wrong place");
        return;
    }
    if kind == SUB_COMMAND_GROUP && options.says_nothing() {
        options.fault("BASE_TYPE_REQUIRED", "This field is required");
    }
    list(&options, depth + 1);
}

fn choices(choices: &Place, kind: i64) {
    let items = choices.items(0, 25);
    for choice in &items {
        if !choice.object(&["name", "name_localizations", "value"]) {
            continue;
        }
        choice_name(choice);
        let value = choice.field("value");
        match kind {
            STRING => {
                value.required().text(1, 100);
            }
            INTEGER if !value.value().is_i64() => value.fault("NUMBER_TYPE_COERCE", "The value of this choice is not int."),
            NUMBER if !value.value().is_number() => {
                value.fault("NUMBER_TYPE_COERCE", "The value of this choice is not a number.")
            }
            _ => {}
        }
    }
    let names = items.iter().map(|choice| choice.field("name")).filter(Place::given).map(|name| (plain(name.value()), name));
    unique(names, "APPLICATION_COMMAND_OPTIONS_CHOICE_NAME_ALREADY_EXISTS", "Option choice name already exists");
    let values = items.iter().map(|choice| choice.field("value")).filter(Place::given).map(|value| (plain(value.value()), value));
    unique(values, "APPLICATION_COMMAND_OPTIONS_CHOICE_VALUE_ALREADY_EXISTS", "Option choice value already exists");
}

/// The label of a choice, in a command as in autocomplete.
pub(super) fn choice_name(choice: &Place) {
    named(choice, "name", 100, false);
}

/// The name as a member with this language sees it.
fn shown(place: &Place, locale: &str) -> String {
    let localized = place.field("name_localizations").field(locale);
    plain(if localized.given() { localized.value() } else { place.field("name").value() })
}

/// Faults a localized name that another one of the same list is shown with too: no member could tell them apart.
fn alike_in<'a, 'b: 'a>(shown: impl Iterator<Item = (String, &'a Place<'b>, &'a str)>) {
    let mut seen: HashMap<String, bool> = HashMap::new();
    for (name, place, locale) in shown {
        let localized = place.field("name_localizations").field(locale);
        // Names alike without localization are faulted where they stand, once.
        if let Some(earlier) = seen.insert(name, localized.given())
            && (earlier || localized.given())
        {
            place
                .field("name_localizations")
                .fault("STANDIN_LOCALIZED_NAME_DUPLICATED", format!("Shown like another one in {locale}."));
        }
    }
}

/// Characters of names, descriptions and choice values, each with its longest localization.
fn size(place: &Value) -> usize {
    let longest = |field: &str| {
        let localized = place[format!("{field}_localizations")].as_object().into_iter().flat_map(serde_json::Map::values);
        localized.chain([&place[field]]).filter_map(Value::as_str).map(units).max().unwrap_or(0)
    };
    let value = place["value"].as_str().map_or(0, units);
    let inside =
        ["options", "choices"].into_iter().filter_map(|field| place[field].as_array()).flatten().map(size).sum::<usize>();
    longest("name") + longest("description") + value + inside
}
