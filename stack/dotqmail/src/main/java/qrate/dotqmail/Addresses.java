package qrate.dotqmail;

import java.util.ArrayList;
import java.util.List;

/// The addresses of a header field (RFC 5322 §3.4): without names, comments, groups and routes, quotes undone.
final class Addresses {
    private final String field;
    private final List<String> found = new ArrayList<>();
    private StringBuilder word = new StringBuilder();
    private boolean angle;
    private int at;

    private Addresses(String field) {
        this.field = field;
    }

    static List<String> of(String field) {
        Addresses addresses = new Addresses(field);
        addresses.read();
        return addresses.found;
    }

    private void read() {
        while (at < field.length()) {
            char c = field.charAt(at++);
            switch (c) {
                case '"' -> quoted();
                case '(' -> comment();
                case '\\' -> escaped();
                case '<' -> {
                    word = new StringBuilder();
                    angle = true;
                }
                case '>' -> {
                    end();
                    angle = false;
                }
                case ',' -> {
                    if (angle) {
                        word = new StringBuilder(); // a part of a route
                    } else {
                        end();
                    }
                }
                case ':' -> word = new StringBuilder(); // a group's name, or the end of a route
                case ';' -> end();
                case ' ', '\t', '\n', '\r' -> {
                    // between atoms, which an address may be written in
                }
                default -> word.append(c);
            }
        }
        end();
    }

    /// A display name in front of an angle is dropped when that begins; one behind it has no `@`.
    private void end() {
        if (word.indexOf("@") > 0) {
            found.add(word.toString());
        }
        word = new StringBuilder();
    }

    private void escaped() {
        if (at < field.length()) {
            word.append(field.charAt(at++));
        }
    }

    private void quoted() {
        while (at < field.length()) {
            char c = field.charAt(at++);
            if (c == '"') {
                return;
            }
            if (c == '\\') {
                escaped();
            } else {
                word.append(c);
            }
        }
    }

    private void comment() {
        int depth = 1;
        while (at < field.length() && depth > 0) {
            char c = field.charAt(at++);
            if (c == '\\') {
                at++;
            } else if (c == '(') {
                depth++;
            } else if (c == ')') {
                depth--;
            }
        }
    }
}
