package qrate.apply;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import qrate.directory.Refusal;

/// A mapping of the file, read member by member. A member that says nothing (`catch_all:`) counts as not named.
final class Section {
    private final String path;
    private final Value.Mark mark;
    private final Map<String, Value.Member> members;

    private Section(String path, Value.Mark mark, Map<String, Value.Member> members) {
        this.path = path;
        this.mark = mark;
        this.members = members;
    }

    /// Takes a value for a mapping; nothing counts as an empty one.
    ///
    /// @param path of the value, for what is said about it
    static Section of(Value value, String path) throws BadFile {
        return switch (value) {
            case Value.Members members -> new Section(path, members.mark(), members.members());
            case Value.Text text when text.isNothing() -> new Section(path, text.mark(), Map.of());
            case Value.Text text -> throw new BadFile(text.mark(), path + ": must be a mapping (name: value)");
            case Value.Items items -> throw new BadFile(items.mark(), path + ": must be a mapping (name: value)");
        };
    }

    /// The same where no other names may stand.
    static Section of(Value value, String path, Set<String> known) throws BadFile {
        Section section = of(value, path);
        for (Map.Entry<String, Value.Member> member : section.members.entrySet()) {
            if (!known.contains(member.getKey())) {
                throw new BadFile(
                        member.getValue().at(),
                        BadFile.shown(member.getKey()) + ": unknown " + (path.isEmpty() ? "here" : "in " + path)
                                + "; known: " + String.join(", ", new TreeSet<>(known)));
            }
        }
        return section;
    }

    Value.Mark mark() {
        return mark;
    }

    /// Names of its members, in their order.
    Set<String> names() {
        return members.keySet();
    }

    private String path(String name) {
        return path.isEmpty() ? name : path + "." + BadFile.shown(name);
    }

    BadFile bad(String name, String why) {
        Value.Member member = members.get(name);
        return new BadFile(member == null ? mark : member.value().mark(), path(name) + ": " + why);
    }

    /// A value that is refused in words which name it already.
    BadFile refused(String name, Refusal why) {
        Value.Member member = members.get(name);
        return new BadFile(member == null ? mark : member.value().mark(), why);
    }

    /// What is wrong with a name itself.
    BadFile badName(String name, String why) {
        Value.Member member = members.get(name);
        return new BadFile(member == null ? mark : member.at(), path(name) + ": " + why);
    }

    /// The member's value; empty when it is not there, or says nothing.
    Optional<Value> value(String name) {
        return Optional.ofNullable(members.get(name))
                .map(Value.Member::value)
                .filter(value -> !(value instanceof Value.Text text && text.isNothing()));
    }

    Optional<String> text(String name) throws BadFile {
        Optional<Value> value = value(name);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        if (!(value.get() instanceof Value.Text text)) {
            throw bad(name, "must be a text");
        }
        if (text.text().chars().anyMatch(c -> Character.isISOControl(c) && c != '\n' && c != '\t')) {
            throw bad(name, "holds control characters");
        }
        return Optional.of(text.text());
    }

    Optional<Boolean> truth(String name) throws BadFile {
        Optional<Value> value = value(name);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        if (value.get() instanceof Value.Text text && text.plain()) {
            switch (text.text()) {
                case "true", "True", "TRUE", "yes" -> {
                    return Optional.of(true);
                }
                case "false", "False", "FALSE", "no" -> {
                    return Optional.of(false);
                }
                default -> {}
            }
        }
        throw bad(name, "must be true or false");
    }

    /// A whole number of at least 0.
    Optional<Integer> number(String name) throws BadFile {
        Optional<Value> value = value(name);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        if (value.get() instanceof Value.Text text && text.text().matches("[0-9]{1,9}")) {
            return Optional.of(Integer.parseInt(text.text()));
        }
        throw bad(name, "must be a whole number of at least 0");
    }

    /// A list of texts; one text alone counts as a list of it.
    Optional<List<String>> texts(String name) throws BadFile {
        Optional<Value> value = value(name);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        return switch (value.get()) {
            case Value.Text text -> Optional.of(List.of(text.text()));
            case Value.Members _ -> throw bad(name, "must be a list");
            case Value.Items items -> {
                List<String> all = new ArrayList<>();
                for (Value item : items.items()) {
                    if (!(item instanceof Value.Text text) || text.isNothing()) {
                        throw new BadFile(item.mark(), path(name) + ": must be a list of texts");
                    }
                    all.add(text.text());
                }
                yield Optional.of(all);
            }
        };
    }

    /// Turns each member into something.
    @FunctionalInterface
    interface Each<T> {
        T of(String name, Value value, String path) throws BadFile;
    }

    /// The members of a mapping in here, whatever their names.
    <T> Named<T> each(String name, Each<T> each) throws BadFile {
        Optional<Value> value = value(name);
        if (value.isEmpty()) {
            return new Named<>(false, Map.of());
        }
        Section inner = of(value.get(), path(name));
        Map<String, T> all = new LinkedHashMap<>();
        for (Map.Entry<String, Value.Member> one : inner.members.entrySet()) {
            all.put(one.getKey(), each.of(one.getKey(), one.getValue().value(), inner.path(one.getKey())));
        }
        return new Named<>(true, all);
    }
}
