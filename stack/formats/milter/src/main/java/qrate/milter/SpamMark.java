package qrate.milter;

import java.util.Locale;
import java.util.Set;

/// Fields by which filters say that a message is spam: rspamd's `X-Spam: Yes`, SpamAssassin's `X-Spam-Flag: YES` and
/// `X-Spam-Status: Yes, score=…`. They count only where a milter writes them: a stranger may write them, too.
final class SpamMark {
    private static final Set<String> NAMES = Set.of("x-spam", "x-spam-flag", "x-spam-status");
    private static final String YES = "yes";

    private SpamMark() {}

    /// Whether a change of the header says so.
    static boolean isOne(MilterReply.FieldChange change) {
        return switch (change) {
            case MilterReply.AddField(var name, var value) -> isOne(name, value);
            case MilterReply.InsertField(var _, var name, var value) -> isOne(name, value);
            case MilterReply.ChangeField(var _, var name, var value) -> isOne(name, value);
        };
    }

    private static boolean isOne(String name, String value) {
        String text = value.strip().toLowerCase(Locale.ROOT);
        return NAMES.contains(name.strip().toLowerCase(Locale.ROOT))
                && text.startsWith(YES)
                && (text.length() == YES.length() || !Character.isLetterOrDigit(text.charAt(YES.length())));
    }
}
