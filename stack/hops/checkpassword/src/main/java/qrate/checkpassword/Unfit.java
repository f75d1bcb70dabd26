package qrate.checkpassword;

import java.util.List;
import java.util.Optional;

/// Why a text can be no new password, or no hash, here; words for it are made where it is shown.
///
/// @param numbers what is there, and what may be
public record Unfit(Why why, List<Integer> numbers) {
    /// Keeps a copy of the numbers.
    public Unfit {
        numbers = List.copyOf(numbers);
    }

    /// One, as a rule answers it.
    static Optional<Unfit> because(Why why, Integer... numbers) {
        return Optional.of(new Unfit(why, List.of(numbers)));
    }

    /// Each reason there is.
    public enum Why {
        /// it has control characters, or bytes that are no text
        PASSWORD_NO_TEXT,
        /// fewer characters than the number
        PASSWORD_SHORT,
        /// one character again and again
        PASSWORD_SIMPLE,
        /// so many bytes, and at most so many may be
        PASSWORD_LONG,
        /// so large a bcrypt cost, and at most so large it may be
        HASH_COST,
        /// so many rounds of SHA-crypt, and at most so many may be
        HASH_ROUNDS,
        /// of a kind that is not checked here
        HASH_KIND
    }
}
