//! Every exported function is traced, with its own parameters in their order: what the
//! sources say of each is `traced!(Name(parameters))`. (A function that is not traced at all
//! has an unused entry in the table of calls, of which the compiler complains.)

use std::path::Path;

/// Those that say it in another way, and how.
const OTHERWISE: &[(&str, &str)] = &[
    ("ExitThread", "trace::last(&calls::ExitThread, &[dwExitCode.bits()])"),
    ("SharedMemoryRead", "&calls::SharedMemoryRead)"),
    ("SharedMemoryReadAt", "&calls::SharedMemoryReadAt)"),
    ("SharedMemoryWrite", "&calls::SharedMemoryWrite)"),
    ("SharedMemoryWriteAt", "&calls::SharedMemoryWriteAt)"),
];
/// See `trace::call`.
const NOT_TRACED: &str = "GetLastError";

/// Name and parameters of the exported functions of a source, each with its text up to the
/// next one.
fn functions(source: &str) -> Vec<(String, String, &str)> {
    let parts = source.split("#[unsafe(no_mangle)]\n").skip(1);
    let function = |part| -> Option<(String, String, &str)> {
        let part: &str = part;
        let (name, rest) = part.split_once(" fn ")?.1.split_once('(')?;
        let list = rest.split_once(')')?.0;
        let names = list.split(',').filter_map(|parameter| Some(parameter.split_once(':')?.0.trim()));
        let name = name.split('<').next()?.to_string();
        Some((name, names.collect::<Vec<_>>().join(", "), part))
    };
    parts.filter_map(function).collect()
}

/// Without what rustfmt changes.
fn on_one_line(text: &str) -> String {
    text.split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .replace("( ", "(")
        .replace(", )", ")")
        .replace(" )", ")")
}

fn is_traced(name: &str, parameters: &str, text: &str) -> bool {
    let text = on_one_line(text);
    match OTHERWISE.iter().find(|(other, _)| *other == name) {
        Some((_, how)) => text.contains(how),
        None => text.matches(&format!("traced!({name}({parameters}))")).count() == 1,
    }
}

#[test]
fn every_exported_function_is_traced_with_its_parameters() {
    let mut seen = 0;
    for folder in ["src/abi", "src/abi/wide32"] {
        for entry in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_none_or(|end| end != "rs") || path.ends_with("bench.rs") {
                continue;
            }
            let source = std::fs::read_to_string(&path).unwrap();
            for (name, parameters, text) in functions(&source) {
                let expected = name != NOT_TRACED;
                assert_eq!(is_traced(&name, &parameters, text), expected, "{}: {name}", path.display());
                seen += 1;
            }
        }
    }
    assert!(seen > 180, "{seen}");
}

#[test]
fn the_check_sees_what_it_is_meant_to_see() {
    let source = "#[unsafe(no_mangle)]\npub extern \"C\" fn F(a: A, b: B) {\n    traced!(F(b, a));\n}\n";
    let (name, parameters, text) = functions(source).pop().unwrap();
    assert_eq!((name.as_str(), parameters.as_str()), ("F", "a, b"));
    assert!(!is_traced(&name, &parameters, text));
    assert!(is_traced(&name, "b, a", text) && !is_traced("G", "b, a", text));
}
