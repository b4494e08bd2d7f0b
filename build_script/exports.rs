//! The functions of src/abi: by name, as an expression for src/abi/exports.rs, and with
//! their parameters, as tables for src/trace.

use std::fmt::Write;
use std::path::Path;

/// An exported function, as its source declares it.
struct Function {
    name: String,
    module: String,
    /// Name and type of each.
    parameters: Vec<(String, String)>,
    result: String,
}

pub fn write() {
    println!("cargo:rerun-if-changed=src/abi");
    let mut functions = functions("src/abi", "super");
    functions.extend(self::functions("src/abi/wide32", "super::wide32"));
    functions.sort_by(|first, second| (&first.name, &first.module).cmp(&(&second.name, &second.module)));
    write_to_out("exports.rs", &addresses(&functions));
    write_to_out("calls.rs", &calls(&functions));
}

fn write_to_out(file: &str, text: &str) {
    let out = std::env::var_os("OUT_DIR").expect("set by cargo");
    std::fs::write(Path::new(&out).join(file), text).expect("OUT_DIR is writable");
}

fn addresses(functions: &[Function]) -> String {
    let mut text = String::from("fn address(name: &str) -> Option<*const c_void> {\n    Some(match name {\n");
    for Function { name, module, .. } in functions {
        writeln!(text, "        \"{name}\" => {module}::{name} as *const c_void,").expect("memory");
    }
    text.push_str("        _ => return None,\n    })\n}\n");
    text
}

fn calls(functions: &[Function]) -> String {
    let mut text = String::new();
    for Function { name, parameters, result, .. } in functions {
        writeln!(text, "pub static {name}: Call = Call {{").expect("memory");
        writeln!(text, "    symbol: \"{name}\",\n    parameters: &[").expect("memory");
        for (name, kind) in parameters {
            writeln!(text, "        Parameter {{ name: \"{name}\", kind: \"{kind}\" }},").expect("memory");
        }
        writeln!(text, "    ],\n    result: \"{result}\",\n}};").expect("memory");
    }
    text.push_str("#[cfg(test)]\npub static ALL: &[&Call] = &[\n");
    for Function { name, .. } in functions {
        writeln!(text, "    &{name},").expect("memory");
    }
    text.push_str("];\n");
    text
}

/// The functions in the files of a folder.
fn functions(folder: &str, parent: &str) -> Vec<Function> {
    let mut functions = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder of the project") {
        let path = entry.expect("a readable entry").path();
        let file = path.file_stem().and_then(|name| name.to_str()).expect("UTF-8").to_string();
        // Not in an ordinary build.
        if path.extension().is_none_or(|end| end != "rs") || file == "bench" {
            continue;
        }
        let source = std::fs::read_to_string(&path).expect("UTF-8");
        for part in source.split("#[unsafe(no_mangle)]\n").skip(1) {
            let signature = part.split_once(" fn ").expect("a function").1;
            functions.push(function(signature, format!("{parent}::{file}")));
        }
    }
    functions
}

/// Of the text that begins with the function's name.
fn function(signature: &str, module: String) -> Function {
    let (name, rest) = signature.split_once('(').expect("parameters");
    let (list, rest) = rest.split_once(')').expect("the end of the parameters");
    let parameter = |text: &str| {
        let (name, kind) = text.split_once(':')?;
        Some((name.trim().to_string(), kind.trim().to_string()))
    };
    Function {
        name: name.split('<').next().expect("a name").to_string(),
        module,
        parameters: list.split(',').filter_map(parameter).collect(),
        result: rest.split('{').next().expect("a body").trim().trim_start_matches("-> ").to_string(),
    }
}
