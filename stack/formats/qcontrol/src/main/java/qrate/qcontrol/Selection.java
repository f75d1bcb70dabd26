package qrate.qcontrol;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import qrate.qcontrol.QueueControl.Item;
import qrate.qcontrol.QueueControl.Progress;

/// Which messages of the queue are meant: those whose ids are named, or those that every given condition fits.
///
/// @param ids named ones; empty when conditions choose
/// @param everything whether `--all` was given
/// @param conditions all of them must hold
record Selection(Set<Long> ids, boolean everything, List<Predicate<Item>> conditions) {
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
    }

    /// Reads ids and options.
    ///
    /// @param now for ages
    /// @throws Unclear when a word is none of them, or ids and conditions are mixed
    static Selection read(List<String> words, Instant now) throws Unclear {
        Set<Long> ids = new HashSet<>();
        List<Predicate<Item>> conditions = new ArrayList<>();
        boolean all = false;
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (!word.startsWith("--")) {
                ids.add(id(word));
            } else if (word.equals("--all")) {
                all = true;
            } else if (word.equals("--held")) {
                conditions.add(Item::held);
            } else if (i + 1 == words.size()) {
                throw new Unclear(word + " needs a value, or is none of the options");
            } else {
                conditions.add(condition(word, words.get(++i), now));
            }
        }
        if (!ids.isEmpty() && (all || !conditions.isEmpty())) {
            throw new Unclear("name messages by id or by what they are, not by both");
        }
        return new Selection(ids, all, conditions);
    }

    private static long id(String word) throws Unclear {
        if (!word.matches("[1-9][0-9]{0,17}")) {
            throw new Unclear(word + " is not a queue id");
        }
        return Long.parseLong(word);
    }

    private static Predicate<Item> condition(String option, String value, Instant now) throws Unclear {
        String wanted = value.toLowerCase(Locale.ROOT);
        return switch (option) {
            case "--sender" -> {
                String sender = wanted.equals("<>") ? "" : wanted;
                yield item -> item.sender().toLowerCase(Locale.ROOT).equals(sender);
            }
            case "--recipient" -> item -> owed(item).anyMatch(address -> isFor(address, wanted));
            case "--domain" -> item -> owed(item).anyMatch(address -> address.endsWith("@" + wanted));
            case "--older" -> {
                Instant before = now.minus(age(value));
                yield item -> item.birth().isBefore(before);
            }
            case "--newer" -> {
                Instant after = now.minus(age(value));
                yield item -> !item.birth().isBefore(after);
            }
            default -> throw new Unclear(option + " is none of the options");
        };
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
