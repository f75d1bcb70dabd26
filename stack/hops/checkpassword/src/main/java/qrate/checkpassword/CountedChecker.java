package qrate.checkpassword;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;
import qrate.core.Figure;

/// A checker whose answers to one kind of door are counted.
public final class CountedChecker implements PasswordChecker {
    private final PasswordChecker inner;
    private final String protocol;
    private final LongAdder accepted = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder throttled = new LongAdder();
    private final LongAdder unavailable = new LongAdder();

    /// @param door who asks by it
    public CountedChecker(PasswordChecker inner, Asker door) {
        this.inner = inner;
        this.protocol = door.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public Answer check(String login, byte[] password, Asker service, String remote) {
        return counted(inner.check(login, password, service, remote));
    }

    @Override
    public boolean apop() {
        return inner.apop();
    }

    @Override
    public Answer apop(String login, Apop response, Asker service, String remote) {
        return counted(inner.apop(login, response, service, remote));
    }

    private Answer counted(Answer answer) {
        switch (answer) {
            case Answer.Accepted _ -> accepted.increment();
            case Answer.Refused _ -> refused.increment();
            case Answer.Throttled _ -> throttled.increment();
            case Answer.Unavailable _ -> unavailable.increment();
        }
        return answer;
    }

    /// What came of the logins so far.
    public List<Figure.Sample> samples() {
        return List.of(
                Figure.LOGINS.of(accepted.sum(), protocol, "accepted"),
                Figure.LOGINS.of(refused.sum(), protocol, "refused"),
                Figure.LOGINS.of(throttled.sum(), protocol, "throttled"),
                Figure.LOGINS.of(unavailable.sum(), protocol, "unavailable"));
    }
}
