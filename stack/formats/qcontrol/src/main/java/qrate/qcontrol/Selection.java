package qrate.qcontrol;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import qrate.core.Getopt;
import qrate.qcontrol.QueueControl.Item;
import qrate.qcontrol.QueueControl.Progress;

/// Which messages of the queue are meant: those whose ids are named, or those that every given condition fits.
///
/// @param ids named ones; empty when conditions choose
/// @param everything whether `--all` was given
/// @param conditions all of them must hold
/// @param beside options that were given and choose nothing
record Selection(Set<Long> ids, boolean everything, List<Predicate<Item>> conditions, Set<String> beside) {
    private static final List<String> NAMES =
            List.of("all", "held", "login:", "sender:", "recipient:", "domain:", "older:", "newer:");

    /// Longest age that can be asked for, in days.
    static final long AGE_DAYS_MAX = 36_500;

    /// It could not be read from the command line.
    static final class Unclear extends Exception {
        private static final long serialVersionUID = 1L;

        Unclear(String why) {
            super(why);
        }
    }

    Selection {
        ids = Set.copyOf(ids);
        conditions = List.copyOf(conditions);
        beside = Set.copyOf(beside);
    }

    /// Reads ids and options.
    ///
    /// @param now for ages
    /// @param beside options that are taken as well, and choose nothing
    /// @throws Unclear when a word is none of them, or ids and conditions are mixed
    static Selection read(List<String> words, Instant now, String... beside) throws Unclear {
        Getopt.Given given;
        try {
            given = Getopt.anywhere(
                            "", Stream.concat(NAMES.stream(), Stream.of(beside)).toArray(String[]::new))
                    .read(words);
        } catch (Getopt.Misuse e) {
            throw new Unclear(e.option() + (e.isUnknown() ? " is none of the options" : " needs a value"));
        }
        Set<Long> ids = new HashSet<>();
        for (String word : given.operands()) {
            ids.add(id(word));
        }
        List<Predicate<Item>> conditions = new ArrayList<>();
        for (Getopt.Option option : given.options()) {
            condition(option.name(), option.value(), now).ifPresent(conditions::add);
        }
        boolean all = given.has("all");
        if (!ids.isEmpty() && (all || !conditions.isEmpty())) {
            throw new Unclear("name messages by id or by what they are, not by both");
        }
        Set<String> others = new HashSet<>(List.of(beside));
        others.retainAll(given.names());
        return new Selection(ids, all, conditions, others);
    }

    private static long id(String word) throws Unclear {
        if (!word.matches("[1-9][0-9]{0,17}")) {
            throw new Unclear(word + " is not a queue id");
        }
        return Long.parseLong(word);
    }

    private static Optional<Predicate<Item>> condition(String option, String value, Instant now) throws Unclear {
        String wanted = value.toLowerCase(Locale.ROOT);
        Predicate<Item> condition = switch (option) {
            case "held" -> Item::held;
            case "login" -> item -> item.login().toLowerCase(Locale.ROOT).equals(wanted);
            case "sender" -> {
                String sender = wanted.equals("<>") ? "" : wanted;
                yield item -> item.sender().toLowerCase(Locale.ROOT).equals(sender);
            }
            case "recipient" -> item -> owed(item).anyMatch(address -> isFor(address, wanted));
            case "domain" -> item -> owed(item).anyMatch(address -> address.endsWith("@" + wanted));
            case "older" -> {
                Instant before = now.minus(age(value));
                yield item -> item.birth().isBefore(before);
            }
            case "newer" -> {
                Instant after = now.minus(age(value));
                yield item -> !item.birth().isBefore(after);
            }
            default -> null; // it says how, not which
        };
        return Optional.ofNullable(condition);
    }

    /// Addresses that are not over, in lower case.
    private static Stream<String> owed(Item item) {
        return item.recipients().stream()
                .filter(line -> line.progress() != Progress.DELIVERED)
                .map(line -> line.address().toLowerCase(Locale.ROOT));
    }

    /// Virtual domains put a prefix and a dash in front of the address that was written.
    private static boolean isFor(String address, String wanted) {
        return address.equals(wanted) || (wanted.contains("@") && address.endsWith("-" + wanted));
    }

    /// `90`, `90s`, `15m`, `2h`, `3d`.
    static Duration age(String text) throws Unclear {
        if (!text.matches("[0-9]{1,9}[smhd]?")) {
            throw new Unclear(text + " is no age: say 90s, 15m, 2h or 3d");
        }
        char unit = text.charAt(text.length() - 1);
        long number = Long.parseLong(Character.isDigit(unit) ? text : text.substring(0, text.length() - 1));
        Duration age = switch (unit) {
            case 'm' -> Duration.ofMinutes(number);
            case 'h' -> Duration.ofHours(number);
            case 'd' -> Duration.ofDays(number);
            default -> Duration.ofSeconds(number);
        };
        if (age.toDays() > AGE_DAYS_MAX) {
            throw new Unclear(text + " is longer than " + AGE_DAYS_MAX + " days");
        }
        return age;
    }

    /// Whether nothing was said at all: good for a list, not for what changes something.
    boolean isBlank() {
        return ids.isEmpty() && !everything && conditions.isEmpty();
    }

    /// Whether every condition fits a message.
    boolean fits(Item item) {
        return conditions.stream().allMatch(one -> one.test(item));
    }
}
