/// Texts in the language of who reads them, and how numbers, sizes and times are written there.
///
/// Receives from: whoever writes to people, and knows what they asked for. Hands to: nobody.
/// Owns: which languages there are, the form of the files `words/en.properties`.
/// Promise: whatever a reader asks for, one of the languages comes out; a text that is missing shows its key, and
/// stops nothing.
/// Trust: what a reader asks for is read up to a limit and is never part of a file's name; arguments are not read
/// again.
/// Standards: RFC 9110 §12.4.2 and §12.5.4 (weights, Accept-Language), RFC 4647, BCP 47, locale(7).
package qrate.language;
