//! The functions of the library, as `build.rs` finds them in the sources.

#![forbid(unsafe_code)]

/// An exported function.
#[derive(Debug)]
pub struct Call {
    pub symbol: &'static str,
    pub parameters: &'static [Parameter],
    /// The type of its result, as in the source; empty: none.
    pub result: &'static str,
}

#[derive(Debug)]
pub struct Parameter {
    pub name: &'static str,
    /// Its type, as in the source.
    pub kind: &'static str,
}

impl Call {
    /// As the program wrote it: the twins for 32-bit characters have a symbol of their own.
    pub fn name(&self) -> &'static str {
        let name = self.symbol.strip_prefix("winshm_").and_then(|name| name.strip_suffix("32"));
        name.unwrap_or(self.symbol)
    }

    /// The name without the A or W at its end.
    pub fn stem(&self) -> &'static str {
        let name = self.name();
        name.strip_suffix(['A', 'W']).unwrap_or(name)
    }

    /// The position of a parameter.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.parameters.iter().position(|parameter| parameter.name == name)
    }
}

#[expect(non_upper_case_globals, reason = "named as the functions are")]
pub mod calls {
    use super::{Call, Parameter};
    include!(concat!(env!("OUT_DIR"), "/calls.rs"));

    /// The one that is not traced: it has no instruction to spare, and what it tells stands
    /// in the line of the call that failed. (Of any other the compiler says that it is unused.)
    #[allow(dead_code, reason = "the use of another; `const _` is none in Rust 1.85")]
    const NOT_TRACED: &Call = &GetLastError;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_what_the_sources_say() {
        let create = &calls::CreateFileMappingA;
        let names: Vec<_> = create.parameters.iter().map(|parameter| parameter.name).collect();
        assert_eq!(names[..3], ["hFile", "lpFileMappingAttributes", "flProtect"]);
        assert_eq!((create.result, create.parameters[5].kind), ("HANDLE", "LPCSTR"));
        assert_eq!(
            (create.stem(), calls::winshm_CreateEventW32.name()),
            ("CreateFileMapping", "CreateEventW")
        );
        assert_eq!((calls::Sleep.result, calls::GetTickCount.parameters.len()), ("", 0));
        assert!(calls::ALL.len() > 180);
    }
}
