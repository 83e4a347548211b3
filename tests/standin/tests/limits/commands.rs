//! What may be registered.

use serde_json::json;

use super::*;

#[test]
fn commands_beyond_the_limits_are_refused() {
    let names = ["質問する？", "FAQ", "two words", "Ａ", "・", "", "é!"];
    for name in names {
        let code = if name.is_empty() { "BASE_TYPE_REQUIRED" } else { "APPLICATION_COMMAND_INVALID_NAME" };
        refused(vec![
            (name, COMMANDS, command_with("/name", json!(name)), &format!("0.name {code}")),
            (name, COMMANDS, option_with(3, "/name", json!(name)), &format!("0.options.0.name {code}")),
            (
                name,
                COMMANDS,
                command_with("/name_localizations", json!({ "ja": name })),
                &format!("0.name_localizations.ja {code}"),
            ),
        ]);
    }
    let localized = |locale: &str, text: &str| {
        let mut map = json!({});
        map[locale] = json!(text);
        map
    };
    let fit = json!([option(3, "a", true), option(3, "b", true)]);
    let mut huge = command("ask");
    huge["options"] = many(25, |number| {
        let choices = many(25, |choice| json!({ "name": format!("{choice}"), "value": format!("{choice}{}", long(10)) }));
        with(option(3, &format!("o{number}"), true), "/choices", choices)
    });
    let chat = |count| many(count, |number| json!({ "name": format!("c{number}"), "description": "質問" }));
    let of_kind = |kind: u8| many(16, |number| json!({ "name": format!("m {number}"), "type": kind }));
    refused(vec![
        ("one command", COMMANDS, command("ask"), " LIST_TYPE_CONVERT"),
        ("101 chat commands", COMMANDS, chat(101), " APPLICATION_COMMANDS_MAX_EXCEEDED"),
        ("16 user commands", COMMANDS, of_kind(2), " APPLICATION_COMMANDS_MAX_EXCEEDED"),
        ("16 message commands", COMMANDS, of_kind(3), " APPLICATION_COMMANDS_MAX_EXCEEDED"),
        (
            "name twice",
            COMMANDS,
            json!([without(command("ask"), "/name_localizations"), without(command("ask"), "/name_localizations")]),
            "1.name APPLICATION_COMMANDS_DUPLICATE_NAME",
        ),
        (
            "alike in Japanese",
            COMMANDS,
            json!([
                with(command("ask"), "/name_localizations", json!({ "ja": "質問" })),
                with(command("faq"), "/name_localizations", json!({ "ja": "質問" }))
            ]),
            "1.name_localizations STANDIN_LOCALIZED_NAME_DUPLICATED",
        ),
        ("long name", COMMANDS, command_with("/name", json!(long(33))), "0.name BASE_TYPE_BAD_LENGTH"),
        ("long menu name", COMMANDS, json!([context_menu(&long(33))]), "0.name BASE_TYPE_BAD_LENGTH"),
        ("description", COMMANDS, command_with("/description", json!(long(101))), "0.description BASE_TYPE_BAD_LENGTH"),
        ("no description", COMMANDS, json!([without(command("ask"), "/description")]), "0.description BASE_TYPE_REQUIRED"),
        (
            "described menu",
            COMMANDS,
            json!([with(context_menu("FAQで答える"), "/description", json!("説明"))]),
            "0.description STANDIN_IGNORED_FIELD",
        ),
        (
            "menu with options",
            COMMANDS,
            json!([with(context_menu("FAQで答える"), "/options", fit.clone())]),
            "0.options STANDIN_IGNORED_FIELD",
        ),
        (
            "locale",
            COMMANDS,
            command_with("/description_localizations", localized("jp", "質問")),
            "0.description_localizations.jp BASE_TYPE_CHOICES",
        ),
        (
            "English without a country",
            COMMANDS,
            command_with("/name_localizations", localized("en", "ask")),
            "0.name_localizations.en BASE_TYPE_CHOICES",
        ),
        (
            "long localization",
            COMMANDS,
            command_with("/description_localizations", localized("ja", &long(101))),
            "0.description_localizations.ja BASE_TYPE_BAD_LENGTH",
        ),
        ("type", COMMANDS, command_with("/type", json!(5)), "0.type BASE_TYPE_CHOICES"),
        (
            "permissions as number",
            COMMANDS,
            command_with("/default_member_permissions", json!(32)),
            "0.default_member_permissions NUMBER_TYPE_COERCE",
        ),
        (
            "permissions in words",
            COMMANDS,
            command_with("/default_member_permissions", json!("管理者")),
            "0.default_member_permissions NUMBER_TYPE_COERCE",
        ),
        ("contexts", COMMANDS, command_with("/contexts", json!([3])), "0.contexts.0 BASE_TYPE_CHOICES"),
        ("no contexts", COMMANDS, command_with("/contexts", json!([])), "0.contexts BASE_TYPE_BAD_LENGTH"),
        (
            "installations",
            COMMANDS,
            command_with("/integration_types", json!([0, 0])),
            "0.integration_types.1 SET_TYPE_ALREADY_CONTAINS_VALUE",
        ),
        ("handler", COMMANDS, command_with("/handler", json!(1)), "0.handler STANDIN_IGNORED_FIELD"),
        ("misspelt", COMMANDS, command_with("/descripton", json!("質問")), "0.descripton STANDIN_UNKNOWN_FIELD"),
        ("too much in all", COMMANDS, json!([huge]), "0 APPLICATION_COMMAND_TOO_LARGE"),
        (
            "26 options",
            COMMANDS,
            command_with("/options", many(26, |number| option(3, &format!("o{number}"), true))),
            "0.options BASE_TYPE_MAX_LENGTH",
        ),
        (
            "required last",
            COMMANDS,
            command_with("/options", json!([option(3, "a", false), option(3, "b", true)])),
            "0.options.1 APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
        ),
        (
            "option twice",
            COMMANDS,
            command_with("/options", json!([option(3, "a", true), option(3, "a", true)])),
            "0.options.1.name APPLICATION_COMMAND_OPTION_NAME_ALREADY_EXISTS",
        ),
        (
            "beside a subcommand",
            COMMANDS,
            command_with("/options", json!([option(3, "a", true), option(1, "b", false)])),
            "0.options APPLICATION_COMMAND_OPTIONS_TYPE_INVALID",
        ),
        ("option type", COMMANDS, option_with(3, "/type", json!(12)), "0.options.0.type BASE_TYPE_CHOICES"),
        ("option description", COMMANDS, option_with(3, "/description", json!("")), "0.options.0.description BASE_TYPE_REQUIRED"),
        ("min length", COMMANDS, option_with(3, "/min_length", json!(6001)), "0.options.0.min_length NUMBER_TYPE_MAX"),
        ("max length", COMMANDS, option_with(3, "/max_length", json!(0)), "0.options.0.max_length NUMBER_TYPE_MIN"),
        (
            "lengths crossed",
            COMMANDS,
            json!([with(
                command("ask"),
                "/options",
                json!([with(with(option(3, "q", true), "/min_length", json!(5)), "/max_length", json!(4))])
            )]),
            "0.options.0.min_length APPLICATION_COMMAND_OPTIONS_LENGTH_INVALID",
        ),
        ("length of a number", COMMANDS, option_with(4, "/max_length", json!(5)), "0.options.0.max_length STANDIN_IGNORED_FIELD"),
        ("value of a text", COMMANDS, option_with(3, "/max_value", json!(5)), "0.options.0.max_value STANDIN_IGNORED_FIELD"),
        ("half a whole number", COMMANDS, option_with(4, "/max_value", json!(0.5)), "0.options.0.max_value NUMBER_TYPE_COERCE"),
        (
            "26 choices",
            COMMANDS,
            option_with(3, "/choices", many(26, |number| json!({ "name": number.to_string(), "value": number.to_string() }))),
            "0.options.0.choices BASE_TYPE_MAX_LENGTH",
        ),
        (
            "choice name",
            COMMANDS,
            option_with(3, "/choices", json!([{ "name": long(101), "value": "a" }])),
            "0.options.0.choices.0.name BASE_TYPE_BAD_LENGTH",
        ),
        (
            "choice value",
            COMMANDS,
            option_with(3, "/choices", json!([{ "name": "資格", "value": long(101) }])),
            "0.options.0.choices.0.value BASE_TYPE_BAD_LENGTH",
        ),
        (
            "choice of another kind",
            COMMANDS,
            option_with(4, "/choices", json!([{ "name": "資格", "value": "1" }])),
            "0.options.0.choices.0.value NUMBER_TYPE_COERCE",
        ),
        (
            "choice twice",
            COMMANDS,
            option_with(3, "/choices", json!([{ "name": "資格", "value": "a" }, { "name": "資格", "value": "b" }])),
            "0.options.0.choices.1.name APPLICATION_COMMAND_OPTIONS_CHOICE_NAME_ALREADY_EXISTS",
        ),
        (
            "choices of a user",
            COMMANDS,
            option_with(6, "/choices", json!([{ "name": "葵", "value": "1" }])),
            "0.options.0.choices STANDIN_IGNORED_FIELD",
        ),
        (
            "autocomplete of a user",
            COMMANDS,
            option_with(6, "/autocomplete", json!(true)),
            "0.options.0.autocomplete STANDIN_IGNORED_FIELD",
        ),
        (
            "both choices and autocomplete",
            COMMANDS,
            json!([with(
                command("ask"),
                "/options",
                json!([with(
                    with(option(3, "q", true), "/autocomplete", json!(true)),
                    "/choices",
                    json!([{ "name": "資格", "value": "a" }])
                )])
            )]),
            "0.options.0.choices APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_CHOICES_EXCLUSIVE",
        ),
        (
            "empty group",
            COMMANDS,
            command_with("/options", json!([option(2, "entry", false)])),
            "0.options.0.options BASE_TYPE_REQUIRED",
        ),
        (
            "group of options",
            COMMANDS,
            command_with("/options", json!([with(option(2, "entry", false), "/options", fit.clone())])),
            "0.options.0 APPLICATION_COMMAND_OPTIONS_TYPE_INVALID",
        ),
        (
            "subcommand in a subcommand",
            COMMANDS,
            command_with("/options", json!([with(option(1, "a", false), "/options", json!([option(1, "b", false)]))])),
            "0.options.0 APPLICATION_COMMAND_OPTIONS_TYPE_INVALID",
        ),
        (
            "required subcommand",
            COMMANDS,
            command_with("/options", json!([option(1, "a", true)])),
            "0.options.0.required STANDIN_IGNORED_FIELD",
        ),
    ]);
}
