//! Patterns of names, as shells have them: `*` for any text, `?` for one character.

/// Whether a name as it is shown fits, with its prefix or without.
pub fn fits(pattern: &str, name: &str) -> bool {
    let bare = name.split_once('\\').map_or(name, |(_, bare)| bare);
    let pattern: Vec<char> = pattern.chars().collect();
    [name, bare].iter().any(|name| matches(&pattern, &name.chars().collect::<Vec<_>>()))
}

/// Goes back to the last `*` only: what an earlier one took does not matter.
fn matches(pattern: &[char], name: &[char]) -> bool {
    let (mut at, mut read) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while read < name.len() {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at, read));
                at += 1;
            }
            Some(&wanted) if wanted == '?' || wanted == name[read] => (at, read) = (at + 1, read + 1),
            _ => match &mut star {
                Some((after, from)) => {
                    *from += 1;
                    (at, read) = (*after + 1, *from);
                }
                None => return false,
            },
        }
    }
    pattern[at..].iter().all(|rest| *rest == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_take_any_text_and_the_prefix_may_be_left_out() {
        let name = "Local\\Frame_12.buffer";
        for pattern in
            ["*", "Frame*", "Local\\*", "*_??.*", "Frame_12.buffer", "*b*r", "Local\\Frame_12.buffer*"]
        {
            assert!(fits(pattern, name), "{pattern}");
        }
        for pattern in ["", "frame*", "Frame", "?", "*x", "Global\\*", "Frame_12.buffer?"] {
            assert!(!fits(pattern, name), "{pattern}");
        }
        assert!(!fits("*a*a*a*a*a*a*a*a*b", &"a".repeat(5000)), "in no time");
    }
}
