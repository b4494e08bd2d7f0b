//! Tells the linker what it must know and, with the feature `header`, composes
//! the C header in OUT_DIR. Nothing is written into the source tree.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    // The library has thread-exit, fork and exit handlers: unloading it under
    // them would be a crash.
    println!("cargo:rustc-cdylib-link-arg=-Wl,-z,nodelete");
    // Only for builds that also make the link of that name, as CMake's does.
    println!("cargo:rerun-if-env-changed=WINSHM_SONAME");
    if let Ok(soname) = std::env::var("WINSHM_SONAME") {
        println!("cargo:rustc-cdylib-link-arg=-Wl,-soname,{soname}");
    }
    #[cfg(feature = "header")]
    header::write();
}

/// The header is composed of pieces, in reading order; no piece is parsed again.
#[cfg(feature = "header")]
mod header {
    use std::fmt::Write;
    use std::path::Path;

    /// A file under `src/abi`, the constants that belong to it, and the title.
    const SECTIONS: &[(&str, &str, &str)] = &[
        ("types", "types", "Types"),
        ("error", "errors", "Errors"),
        ("handle", "handles", "Handles"),
        ("section", "sections", "Sections and views"),
        ("virtual_memory", "memory", "Memory of the process"),
        ("event", "events", "Events"),
        ("process", "processes", "The calling process and thread"),
        ("system", "system", "The machine and its clocks"),
    ];

    /// What cbindgen would drop, because no function of the same file uses it.
    const TYPES: &[&str] = &[
        "_SECURITY_ATTRIBUTES",
        "SECURITY_ATTRIBUTES",
        "PSECURITY_ATTRIBUTES",
        "LPSECURITY_ATTRIBUTES",
        "_MEMORY_BASIC_INFORMATION",
        "MEMORY_BASIC_INFORMATION",
        "PMEMORY_BASIC_INFORMATION",
    ];

    struct Constant {
        section: &'static str,
        doc: &'static str,
        name: &'static str,
        kind: &'static str,
        value: &'static str,
    }

    macro_rules! constants {
        ($(section $section:ident {
            $($(#[doc = $doc:literal])* $name:ident: $type:ty = $value:expr;)*
        })*) => {
            const CONSTANTS: &[Constant] = &[$($(Constant {
                section: stringify!($section),
                doc: concat!($($doc),*),
                name: stringify!($name),
                kind: stringify!($type),
                value: stringify!($value),
            },)*)*];
        };
    }

    include!("src/consts.rs");

    pub fn write() {
        for input in ["src/abi", "src/consts.rs", "cbindgen.toml"] {
            println!("cargo:rerun-if-changed={input}");
        }
        let out = std::env::var_os("OUT_DIR").expect("set by cargo");
        std::fs::write(Path::new(&out).join("winshm.h"), compose()).expect("OUT_DIR is writable");
    }

    fn compose() -> String {
        let mut header = String::from(BEGINNING);
        for (macro_name, variable) in [("MAJOR", "MAJOR"), ("MINOR", "MINOR"), ("PATCH", "PATCH")] {
            let value = env(&format!("CARGO_PKG_VERSION_{variable}"));
            writeln!(header, "#define WINSHM_VERSION_{macro_name} {value}").expect("memory");
        }
        writeln!(header, "#define WINSHM_VERSION \"{}\"\n", env("CARGO_PKG_VERSION")).expect("memory");
        header.push_str("#ifdef __cplusplus\nextern \"C\" {\n#endif\n");
        for (file, constants, title) in SECTIONS {
            let line = "-".repeat(72 - title.len());
            write!(header, "\n/* ---- {title} {line} */\n\n").expect("memory");
            header.push_str(&defines(constants));
            let source = format!("{}/src/abi/{file}.rs", env("CARGO_MANIFEST_DIR"));
            header.push_str(&declarations(&source));
            header.push_str(&aliases(&source));
        }
        header.push_str(END);
        // One empty line between pieces, however many each brings.
        while header.contains("\n\n\n") {
            header = header.replace("\n\n\n", "\n\n");
        }
        header
    }

    fn env(name: &str) -> String {
        std::env::var(name).expect("set by cargo")
    }

    fn defines(section: &str) -> String {
        let mut text = String::new();
        for constant in CONSTANTS.iter().filter(|constant| constant.section == section) {
            let Constant { doc, name, value, .. } = constant;
            let is_number = value.starts_with(|first: char| first.is_ascii_digit());
            // Unsigned like DWORD, also where `long` has 64 bits.
            let suffix = if is_number && constant.kind == "u32" { "u" } else { "" };
            // A long value comes in lines, which C must be told to join.
            let value = value.replace('\n', " \\\n    ");
            writeln!(text, "/**{doc} */\n#define {name} {value}{suffix}").expect("memory");
        }
        text + "\n"
    }

    fn declarations(source: &str) -> String {
        let mut config = cbindgen::Config::from_root_or_default(env("CARGO_MANIFEST_DIR"));
        config.export.include = TYPES.iter().map(|name| name.to_string()).collect();
        let bindings = cbindgen::Builder::new().with_config(config).with_src(source).generate();
        let mut text = Vec::new();
        bindings.expect("cbindgen reads the section").write(&mut text);
        String::from_utf8(text).expect("the sources are UTF-8")
    }

    /// For each pair FooA, FooW the name Foo, chosen by UNICODE.
    fn aliases(source: &str) -> String {
        let source = std::fs::read_to_string(source).expect("a section");
        let mut names = source.lines().filter_map(|line| {
            line.split_once("pub unsafe extern \"C\" fn ")?.1.split_once('(')?.0.strip_suffix('A')
        });
        let has_wide = |name: &&str| source.contains(&format!(" fn {name}W("));
        let pairs: Vec<_> = names.by_ref().filter(has_wide).collect();
        if pairs.is_empty() {
            return String::new();
        }
        let define = |width: char| -> String {
            pairs.iter().map(|name| format!("#define {name} {name}{width}\n")).collect()
        };
        format!("\n#ifdef UNICODE\n{}#else\n{}#endif\n", define('W'), define('A'))
    }

    const BEGINNING: &str = "\
/*
 * winshm.h - Windows named shared memory for Linux.
 *
 * Link with -lwinshm. Names, lifetimes, rights and error codes are Windows';
 * README.md tells what differs. Functions are in Microsoft's documentation too;
 * the comments here say what holds on Linux.
 *
 * In all functions: a pointer is NULL where its documentation allows it, else
 * valid for the call; NULL elsewhere is an error, not a crash. A function that
 * fails sets the last error of its thread (GetLastError), one that succeeds
 * leaves it alone unless it says otherwise. Every function may be called from
 * every thread; in a signal handler only SetEvent, ResetEvent, GetLastError and
 * SetLastError.
 *
 * Generated from the Rust sources: change them, then run `./dev bless`.
 */
#ifndef WINSHM_H
#define WINSHM_H

#include \"winshm_platform.h\"

";

    const END: &str = "
#ifdef __cplusplus
} /* extern \"C\" */
#endif

#endif /* WINSHM_H */
";
}
