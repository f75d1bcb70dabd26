package qrate.local.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// What a command of a `.qmail` file names, without running it.
///
/// @param known names of our own programs, which every domain may run
public record DotQmailCommands(Set<String> known) {
    /// Words that mean the same to a shell and to us.
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./,:@%+ -]+");

    public DotQmailCommands {
        known = Set.copyOf(known);
    }

    /// Whether a shell would see nothing in it but words.
    public static boolean isPlain(String command) {
        return PLAIN.matcher(command).matches();
    }

    /// Whether a command is one of our own programs and nothing else.
    public boolean isKnown(String command) {
        return ownWords(command).isPresent();
    }

    /// Name and arguments of one of our own programs, in whatever folder it stood on another system.
    public Optional<List<String>> ownWords(String command) {
        List<String> words = new ArrayList<>();
        for (String word : command.strip().split(" +", -1)) {
            boolean quoted = word.length() > 2 && word.startsWith("'") && word.endsWith("'");
            words.add(quoted ? word.substring(1, word.length() - 1) : word);
        }
        if (!words.stream().allMatch(DotQmailCommands::isPlain)) {
            return Optional.empty();
        }
        String first = words.getFirst();
        words.set(0, first.substring(first.lastIndexOf('/') + 1));
        return known.contains(words.getFirst()) ? Optional.of(words) : Optional.empty();
    }
}
