//! Documentation comments of C headers, in parts.

/// A documentation comment. What was several lines is one, but for code.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Doc {
    /// In their order; an item of a list begins with `- `, a line of code with four blanks.
    blocks: Vec<String>,
    pub parameters: Vec<(String, String)>,
    pub returns: String,
}

/// Where the next line of a comment goes.
#[derive(PartialEq)]
enum Place {
    New,
    Block,
    Parameter,
    Returns,
}

impl Doc {
    /// Of the text between `/*` and `*/`.
    pub fn of_comment(comment: &str) -> Doc {
        let mut doc = Doc::default();
        let mut place = Place::New;
        for line in comment.lines() {
            let line = line.trim_start().trim_start_matches('*');
            let is_code = line.starts_with("     ");
            let text = line.trim();
            if text.is_empty() {
                place = Place::New;
            } else if let Some(parameter) = text.strip_prefix("@param ") {
                let (name, text) = parameter.split_once(' ').unwrap_or((parameter, ""));
                doc.parameters.push((name.to_string(), text.trim().to_string()));
                place = Place::Parameter;
            } else if let Some(text) = text.strip_prefix("@return ") {
                doc.returns = text.to_string();
                place = Place::Returns;
            } else if is_code && place == Place::New {
                doc.blocks.push(line[1..].trim_end().to_string());
            } else if place == Place::New || (place == Place::Block && text.starts_with("- ")) {
                doc.blocks.push(text.to_string());
                place = Place::Block;
            } else {
                let target = match place {
                    Place::Parameter => doc.parameters.last_mut().map(|(_, text)| text),
                    Place::Returns => Some(&mut doc.returns),
                    _ => doc.blocks.last_mut(),
                };
                let target = target.expect("began above");
                target.push(' ');
                target.push_str(text);
            }
        }
        doc
    }

    pub fn is_empty(&self) -> bool {
        *self == Doc::default()
    }

    pub fn first_sentence(&self) -> &str {
        let first = self.blocks.first().map_or("", String::as_str);
        first.find(". ").map_or(first, |end| &first[..=end])
    }

    /// All but what differs from Windows.
    pub fn blocks(&self) -> impl Iterator<Item = &str> {
        self.blocks.iter().map(String::as_str).filter(|block| !block.starts_with("On Linux:"))
    }

    /// What differs from Windows; nothing if it is as there.
    pub fn on_linux(&self) -> &str {
        let differences = self.blocks.iter().find_map(|block| block.strip_prefix("On Linux:"));
        differences.unwrap_or("").trim()
    }

    /// Whether "On Linux:" begins no block but the last.
    pub fn ends_with_on_linux(&self) -> bool {
        let place = self.blocks.iter().position(|block| block.starts_with("On Linux:"));
        place.is_none_or(|place| place + 1 == self.blocks.len())
    }

    pub fn leave_out(&mut self, is_out: impl Fn(&str) -> bool) {
        self.blocks.retain(|block| !is_out(block));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_is_blocks_parameters_and_results() {
        let doc = Doc::of_comment(
            "*
 * Does it. And
 * more.
 *
 *     it();
 *     if (it) that();
 *
 * - one
 *   thing;
 * - another
 *
 * @param first what
 *              comes first
 * @param x     the rest
 * @return 0, or
 *         ERROR_BUSY: no
 *
 * On Linux: less.
 ",
        );
        let blocks: Vec<_> = doc.blocks().collect();
        assert_eq!(
            blocks,
            ["Does it. And more.", "    it();", "    if (it) that();", "- one thing;", "- another"]
        );
        let parameter = |name: &str, text: &str| (name.to_string(), text.to_string());
        assert_eq!(doc.parameters, [parameter("first", "what comes first"), parameter("x", "the rest")]);
        assert_eq!(doc.returns, "0, or ERROR_BUSY: no");
        assert_eq!(doc.first_sentence(), "Does it.");
        assert_eq!(doc.on_linux(), "less.");
        assert!(doc.ends_with_on_linux());
    }
}
