package qrate.refusals;

import java.util.LinkedHashMap;
import java.util.Map;

/// What a refusal means.
///
/// @param provider whose it is
/// @param meaning a sentence for people
/// @param action what can be done: by the postmaster here if {@link RefusalKind#isOurs()}, else by the author
///     of the message. `DOMAIN` in it stands for the domain of the sender
public record Advice(RefusalKind kind, MailProvider provider, String meaning, String action) {
    private static final String DOMAIN = "DOMAIN";

    /// The same for one sender.
    ///
    /// @param sender an address of ours, or empty for nobody
    public Advice forSender(String sender) {
        int at = sender.lastIndexOf('@');
        String domain = at < 0 ? "" : sender.substring(at + 1);
        boolean plain = !domain.isEmpty() && domain.chars().allMatch(Advice::isPlain);
        return plain ? new Advice(kind, provider, meaning, action.replace(DOMAIN, domain)) : this;
    }

    private static boolean isPlain(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
    }

    /// `What it means: …`.
    public String meaningLine() {
        return "What it means: " + meaning;
    }

    /// `What to do: …`, and who can.
    public String actionLine() {
        return (kind.isOurs() ? "What the postmaster of this host can do: " : "What to do: ") + action;
    }

    /// For JSON.
    public Map<String, Object> json() {
        Map<String, Object> shape = new LinkedHashMap<>();
        shape.put("kind", kind.word());
        shape.put("meaning", meaning);
        shape.put("action", action);
        return shape;
    }
}
