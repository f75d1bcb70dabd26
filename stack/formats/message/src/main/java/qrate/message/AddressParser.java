package qrate.message;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import qrate.message.HeaderTokens.Kind;
import qrate.message.HeaderTokens.Token;

/// Reads address lists: a pass that makes words of the text, and one that makes addresses of the words.
final class AddressParser {
    /// Addresses in one field at most.
    static final int ADDRESSES_MAX = 20_000;

    private static final class BadList extends Exception {
        BadList(String why) {
            super(why, null, false, false);
        }
    }

    /// Words held together by dots: a local part, or a part of a name.
    ///
    /// @param loose whether a dot has no word on one side
    private record Unit(String value, int from, boolean loose) {}

    private final String text;
    private final List<Token> tokens;
    private final boolean strict;
    private int at;
    private int count;

    private AddressParser(String text, List<Token> tokens, boolean strict) {
        this.text = text;
        this.tokens = tokens;
        this.strict = strict;
    }

    /// @param strict whether what people write for lack of knowing better makes no sense
    static AddressList.Parsed parse(String field, boolean strict) {
        if (strict && field.chars().anyMatch(AddressParser::control)) {
            return new AddressList.Parsed.Bad("a control character");
        }
        String line = unfolded(field);
        HeaderTokens tokens = HeaderTokens.of(line);
        if (tokens.fault().isPresent()) {
            return new AddressList.Parsed.Bad(tokens.fault().get());
        }
        try {
            return new AddressList.Parsed.Good(new AddressList(new AddressParser(line, tokens.list(), strict).list()));
        } catch (BadList e) {
            return new AddressList.Parsed.Bad(String.valueOf(e.getMessage()));
        }
    }

    private static boolean control(int c) {
        return c == 0x7f || (c < ' ' && c != '\t' && c != '\r' && c != '\n');
    }

    /// Reads on over something that the grammar does not have.
    private void mend(String why) throws BadList {
        if (strict) {
            throw new BadList(why);
        }
    }

    /// One line: line endings and NULs become blanks.
    private static String unfolded(String field) {
        return field.replace('\r', ' ').replace('\n', ' ').replace('\0', ' ').strip();
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
            if (delimiter.is(';') ? group.isEmpty() : group.isPresent() && delimiter.kind() == Kind.END) {
                mend("a semicolon out of place, or none behind a group");
            }
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
            boolean brackets = false; // `[Alerts] Ann <ann@example.test>`, which is no phrase and is often written
            units(units, comments);
            while (tokens.get(at).kind() == Kind.LITERAL) {
                brackets = true;
                at++;
                units(units, comments);
            }
            Token token = tokens.get(at);
            if (!found.isEmpty() && (!units.isEmpty() || token.is('<'))) {
                mend("no comma between two addresses");
            }
            if (brackets) {
                mend("brackets in a name");
            }
            if (token.is('<')) {
                String written = text.substring(start, token.from()).strip();
                String display = brackets ? HeaderWords.phrase(written) : written;
                at++;
                found.add(angle(display));
            } else if (brackets) {
                throw new BadList("brackets out of place");
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
                if (last.isPresent()) {
                    mend("an address without a host");
                }
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
        if (domain.isEmpty() || local.loose()) {
            mend("an address without a host, or a dot without a word");
        }
        if (tokens.get(at).is('@') && tokens.get(at + 1).value().equals("[]")) {
            mend("two hosts in one address");
            name += "@" + domain; // `list-@host-@[]`, a VERP sender
            at++;
            domain = domain(comments);
        }
        comments(comments);
        return mailbox(name, domain, comments.toString());
    }

    private void lone(List<Unit> units, List<AddressList.Mailbox> found) throws BadList {
        if (!units.isEmpty()) {
            mend("no comma between two addresses");
        }
        units.forEach(unit -> found.add(mailbox(unit.value(), "", "")));
    }

    private static AddressList.Mailbox mailbox(String local, String domain, String comments) {
        return new AddressList.Mailbox("", local, domain, comments, false);
    }

    private void units(List<Unit> units, StringBuilder comments) throws BadList {
        // what is read already may go on with a dot
        Optional<Unit> before = units.isEmpty() ? Optional.empty() : Optional.of(units.removeLast());
        StringBuilder word = new StringBuilder(before.map(Unit::value).orElse(""));
        int from = before.map(Unit::from).orElse(0);
        boolean open = before.isPresent();
        boolean joined = false;
        boolean loose = before.isPresent() && before.get().loose();
        for (Token token = tokens.get(at); ; token = tokens.get(++at)) {
            if (token.kind() == Kind.COMMENT) {
                append(comments, token.value());
                continue;
            }
            boolean dot = token.is('.');
            boolean ends = !dot && !token.word();
            if (open && !dot && (ends || !joined)) {
                units.add(new Unit(word.toString(), from, loose || joined));
                word.setLength(0);
                open = false;
                loose = false;
            }
            if (ends) {
                return;
            }
            if (token.kind() == Kind.WORD && token.value().indexOf('\\') >= 0) {
                mend("a backslash outside of quotes");
            }
            from = open ? from : token.from();
            loose |= dot && (!open || joined);
            word.append(token.value());
            open = true;
            joined = dot;
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
        } else {
            mend("an address without a host");
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

    /// @return empty where nothing stands behind the `@`: whoever completes names puts one there (qmail-header(5))
    private String domain(StringBuilder comments) throws BadList {
        StringBuilder domain = new StringBuilder();
        boolean dot = true;
        while (true) {
            Token token = tokens.get(at);
            if (token.is('.')) {
                if (dot) {
                    mend("a dot without a word");
                }
                dot = true;
            } else if (token.kind() == Kind.COMMENT) {
                append(comments, token.value());
            } else if (dot && token.kind() == Kind.LITERAL) {
                if (!token.value().chars().allMatch(c -> HeaderWords.atom((char) c) || "[].:".indexOf(c) >= 0)) {
                    throw new BadList("not an address in brackets");
                }
                domain.append(domain.isEmpty() ? "" : ".").append(token.value());
                dot = false;
            } else if (dot && token.word()) {
                if (token.kind() == Kind.QUOTED) {
                    mend("a host in quotes");
                }
                // a quoted word may hold dots of its own, at its ends too
                for (String label : token.value().split("\\.", -1)) {
                    if (!label.chars().allMatch(c -> HeaderWords.atom((char) c))) {
                        throw new BadList("not a host name");
                    }
                    domain.append(domain.isEmpty() || label.isEmpty() ? "" : ".")
                            .append(label);
                    dot &= label.isEmpty();
                }
            } else {
                break;
            }
            at++;
        }
        if (dot && !domain.isEmpty()) {
            mend("a dot at the end of a host");
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
