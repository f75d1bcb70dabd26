package qrate.lists;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// A set of addresses that a list has.
public enum ListSet {
    /// who may post where nobody else may
    ALLOW("allow", "allow/"),
    /// who may not post
    DENY("deny", "deny/"),
    /// who decides about posts and subscriptions
    MODERATORS("moderators", "mod/"),
    /// who gets posts
    SUBSCRIBERS("subscribers", "");

    private final String word;
    private final String base;

    ListSet(String word, String base) {
        this.word = word;
        this.base = base;
    }

    /// As declared states and the REST API spell it.
    public String word() {
        return word;
    }

    /// Its folder above `subscribers/`, as {@link Lists#add} takes it.
    public String base() {
        return base;
    }

    /// One by its word; empty for none.
    public static Optional<ListSet> of(String word) {
        return Arrays.stream(values()).filter(set -> set.word.equals(word)).findFirst();
    }

    /// The words of all, in order.
    public static List<String> words() {
        return Arrays.stream(values()).map(ListSet::word).toList();
    }
}
