package qrate.inject;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads address lists: a pass that makes words of the text, and one that makes addresses of the words.
final class AddressParser {
    /// Addresses in one field at most.
    static final int ADDRESSES_MAX = 20_000;

    private static final class BadList extends Exception {
        BadList(String why) {
            super(why, null, false, false);
        }
    }

    private enum Kind {
        WORD,
        LITERAL,
        COMMENT,
        SPECIAL,
        END
    }

    /// @param value without quotes and escapes
    /// @param from where it starts in the text
    private record Token(Kind kind, String value, int from) {
        boolean is(char special) {
            return kind == Kind.SPECIAL && value.charAt(0) == special;
        }
    }

    /// Words held together by dots: a local part, or a part of a name.
    private record Unit(String value, int from) {}

    private final String text;
    private final List<Token> tokens = new ArrayList<>();
    private int at;
    private int count;

    private AddressParser(String text) {
        this.text = text;
    }

    static AddressList.Parsed parse(String field) {
        AddressParser parser = new AddressParser(unfolded(field));
        try {
            parser.tokenize();
            return new AddressList.Parsed.Good(new AddressList(parser.list()));
        } catch (BadList e) {
            return new AddressList.Parsed.Bad(String.valueOf(e.getMessage()));
        }
    }

    /// One line: line endings and NULs become blanks.
    private static String unfolded(String field) {
        return field.replace('\r', ' ').replace('\n', ' ').replace('\0', ' ').strip();
    }

    private void tokenize() throws BadList {
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            int from = i;
            if (c == '"') {
                i = delimited(Kind.WORD, from, '"');
            } else if (c == '[') {
                i = delimited(Kind.LITERAL, from, ']');
            } else if (c == '(') {
                i = comment(from);
            } else if (Words.atom(c) || c == '\\') {
                i = atom(from);
            } else {
                if ("<>@,;:.".indexOf(c) >= 0) {
                    tokens.add(new Token(Kind.SPECIAL, String.valueOf(c), from));
                } else if (c == ')' || c == ']') {
                    throw new BadList("a " + c + " without its beginning");
                }
                i++; // blanks and controls separate words
            }
        }
        tokens.add(new Token(Kind.END, "", text.length()));
    }

    private int atom(int from) {
        StringBuilder value = new StringBuilder();
        int i = from;
        while (i < text.length() && (Words.atom(text.charAt(i)) || text.charAt(i) == '\\')) {
            value.append(text.charAt(i++)); // outside quotes a backslash is a character like others
        }
        tokens.add(new Token(Kind.WORD, value.toString(), from));
        return i;
    }

    private int delimited(Kind kind, int from, char end) throws BadList {
        StringBuilder value = new StringBuilder();
        for (int i = from + 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == end) {
                tokens.add(new Token(kind, kind == Kind.LITERAL ? "[" + value + "]" : value.toString(), from));
                return i + 1;
            }
            if (c == '\\' && i + 1 < text.length()) {
                c = text.charAt(++i);
            }
            if (kind == Kind.LITERAL && !(Words.atom(c) || c == '.' || c == ':')) {
                throw new BadList("not an address in brackets");
            }
            value.append(c);
        }
        throw new BadList("no " + end + " at the end");
    }

    private int comment(int from) throws BadList {
        int depth = 0;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '(') {
                depth++;
            } else if (c == ')' && --depth == 0) {
                tokens.add(new Token(Kind.COMMENT, text.substring(from, i + 1), from));
                return i + 1;
            }
        }
        throw new BadList("no ) at the end");
    }

    private List<AddressList.Item> list() throws BadList {
        List<AddressList.Item> items = new ArrayList<>();
        Optional<String> group = Optional.empty();
        List<AddressList.Mailbox> members = new ArrayList<>();
        while (true) {
            List<AddressList.Mailbox> some = new ArrayList<>();
            Optional<String> opened = next(some);
            if (opened.isPresent()) {
                if (group.isPresent()) {
                    throw new BadList("a group within a group");
                }
                group = opened;
                continue;
            }
            if (group.isPresent()) {
                members.addAll(some);
            } else {
                items.addAll(some);
            }
            Token delimiter = tokens.get(at);
            if (group.isPresent() && (delimiter.is(';') || delimiter.kind() == Kind.END)) {
                items.add(new AddressList.Group(group.get(), members));
                members.clear();
                group = Optional.empty();
            }
            if (delimiter.kind() == Kind.END) {
                return items;
            }
            at++;
        }
    }

    /// Reads up to the next comma, semicolon or end, or past the colon of a group.
    ///
    /// @param found takes the mailboxes; several where a comma is missing
    /// @return the name of a group that starts
    private Optional<String> next(List<AddressList.Mailbox> found) throws BadList {
        while (true) {
            if (++count > ADDRESSES_MAX) {
                throw new BadList("more than " + ADDRESSES_MAX + " addresses");
            }
            int start = tokens.get(at).from();
            List<Unit> units = new ArrayList<>();
            StringBuilder comments = new StringBuilder();
            units(units, comments);
            Token token = tokens.get(at);
            if (token.is('<')) {
                String display = text.substring(start, token.from()).strip();
                at++;
                found.add(angle(display));
            } else if (token.is(':')) {
                if (units.isEmpty() || !found.isEmpty()) {
                    throw new BadList("a colon without a group's name");
                }
                at++;
                return Optional.of(text.substring(start, token.from()).strip());
            } else if (token.is('@')) {
                if (units.isEmpty()) {
                    throw new BadList("an @ without a name");
                }
                Unit local = units.removeLast();
                lone(units, found);
                found.add(address(local, comments));
            } else if (token.is(',') || token.is(';') || token.kind() == Kind.END) {
                Optional<Unit> last = units.isEmpty() ? Optional.empty() : Optional.of(units.removeLast());
                lone(units, found);
                last.ifPresent(unit -> found.add(mailbox(unit.value(), "", comments.toString())));
                return Optional.empty();
            } else {
                throw new BadList("a " + token.value() + " out of place");
            }
        }
    }

    /// Reads on from the first `@`.
    private AddressList.Mailbox address(Unit local, StringBuilder comments) throws BadList {
        at++;
        String domain = domain(comments);
        String name = local.value();
        if (tokens.get(at).is('@') && tokens.get(at + 1).value().equals("[]")) {
            name += "@" + domain; // `list-@host-@[]`, a VERP sender
            at++;
            domain = domain(comments);
        }
        comments(comments);
        return mailbox(name, domain, comments.toString());
    }

    private static void lone(List<Unit> units, List<AddressList.Mailbox> found) {
        units.forEach(unit -> found.add(mailbox(unit.value(), "", "")));
    }

    private static AddressList.Mailbox mailbox(String local, String domain, String comments) {
        return new AddressList.Mailbox("", local, domain, comments, false);
    }

    private void units(List<Unit> units, StringBuilder comments) {
        boolean joined = false;
        while (true) {
            Token token = tokens.get(at);
            if (token.kind() == Kind.COMMENT) {
                append(comments, token.value());
            } else if (token.is('.') || token.kind() == Kind.WORD) {
                boolean dot = token.kind() == Kind.SPECIAL;
                if (!units.isEmpty() && (dot || joined)) {
                    Unit last = units.removeLast();
                    units.add(new Unit(last.value() + token.value(), last.from()));
                } else {
                    units.add(new Unit(token.value(), token.from()));
                }
                joined = dot;
            } else {
                return;
            }
            at++;
        }
    }

    private AddressList.Mailbox angle(String display) throws BadList {
        StringBuilder comments = new StringBuilder();
        comments(comments);
        if (tokens.get(at).is('@')) {
            route();
        }
        List<Unit> units = new ArrayList<>();
        units(units, comments);
        if (units.size() > 1) {
            throw new BadList("two words in one address");
        }
        String local = units.isEmpty() ? "" : units.getFirst().value();
        String domain = "";
        if (tokens.get(at).is('@') && !units.isEmpty()) {
            AddressList.Mailbox bare = address(units.getFirst(), new StringBuilder());
            local = bare.local();
            domain = bare.domain();
            append(comments, bare.comments());
        }
        if (!tokens.get(at).is('>')) {
            throw new BadList("no > at the end of an address");
        }
        at++;
        comments(comments);
        return new AddressList.Mailbox(display, local, domain, comments.toString(), true);
    }

    /// A source route is read over (RFC 5321 §4.1.1.3).
    private void route() throws BadList {
        while (!tokens.get(at).is(':')) {
            Token token = tokens.get(at);
            if (token.kind() == Kind.END || token.is('>') || token.is('<') || token.is(';')) {
                throw new BadList("a source route without its end");
            }
            at++;
        }
        at++;
    }

    private String domain(StringBuilder comments) throws BadList {
        StringBuilder domain = new StringBuilder();
        boolean dot = true;
        while (true) {
            Token token = tokens.get(at);
            if (token.is('.')) {
                dot = true;
            } else if (token.kind() == Kind.COMMENT) {
                append(comments, token.value());
            } else if (dot && (token.kind() == Kind.WORD || token.kind() == Kind.LITERAL)) {
                if (!token.value().chars().allMatch(c -> Words.atom((char) c) || "[].:".indexOf(c) >= 0)) {
                    throw new BadList("not a host name");
                }
                domain.append(domain.isEmpty() ? "" : ".").append(token.value());
                dot = false;
            } else {
                break;
            }
            at++;
        }
        if (domain.isEmpty()) {
            throw new BadList("an @ without a host name");
        }
        return domain.toString();
    }

    private void comments(StringBuilder comments) {
        while (tokens.get(at).kind() == Kind.COMMENT) {
            append(comments, tokens.get(at++).value());
        }
    }

    private static void append(StringBuilder comments, String one) {
        comments.append(comments.isEmpty() || one.isEmpty() ? "" : " ").append(one);
    }
}
