package qrate.certificate;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/// When the next certificate is to be got, and why: at once when there is none that does, else after two
/// thirds of its life or when the CA says, and never before the last failure lets it.
///
/// @param when not in the past of the moment it was made for
/// @param why in a few words: `two thirds of its life are over`
public record Due(Instant when, String why) {
    /// At the latest when so many parts of a certificate's life are over, whatever the CA says.
    private static final int LATEST_PARTS = 9;

    private static final int LATEST_OF = 10;

    /// Whether it is time.
    public boolean now(Instant now) {
        return !when.isAfter(now);
    }

    /// From all that is known.
    public static Due of(Instant now, Settings settings, Optional<Installed> installed, RenewalState memory) {
        Due free = wanting(settings, installed, memory)
                .map(why -> new Due(now, why))
                .orElseGet(() -> byAge(installed.orElseThrow(), memory));
        Instant again = memory.again(now);
        return again.isAfter(free.when) ? new Due(again, free.why + ", and the last attempt failed") : free;
    }

    /// What is wrong with the certificate in use, however young it is.
    public static Optional<String> wanting(Settings settings, Optional<Installed> installed, RenewalState memory) {
        if (installed.isEmpty()) {
            return Optional.of("there is no certificate");
        }
        if (installed.get().selfSigned()) {
            return Optional.of("the certificate is self-signed");
        }
        Set<String> names = installed.get().names();
        Optional<String> missing =
                settings.names().stream().filter(name -> !names.contains(name)).findFirst();
        if (missing.isPresent()) {
            return missing.map(name -> "the certificate is not for " + name);
        }
        Optional<String> kind = settings.kinds().stream()
                .filter(one -> !installed.get().algorithms().contains(one.algorithm()))
                .findFirst()
                .map(one -> "there is no certificate with a key of kind " + one);
        if (kind.isPresent()) {
            return kind;
        }
        return memory.directory()
                .filter(from -> !from.equals(settings.directory().toString()))
                .map(from -> "the certificate is from another CA, " + from);
    }

    private static Due byAge(Installed installed, RenewalState memory) {
        Optional<RenewalState.Advice> advice =
                memory.advice().filter(one -> one.serial().equals(installed.serial()));
        Duration life = installed.life();
        if (advice.isPresent()) {
            Instant latest =
                    installed.from().plus(life.multipliedBy(LATEST_PARTS).dividedBy(LATEST_OF));
            return advice.get().chosen().isBefore(latest)
                    ? new Due(advice.get().chosen(), "the CA says so")
                    : new Due(latest, "most of its life is over");
        }
        return new Due(installed.from().plus(life.multipliedBy(2).dividedBy(3)), "two thirds of its life are over");
    }
}
