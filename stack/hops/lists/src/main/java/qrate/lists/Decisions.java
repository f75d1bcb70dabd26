package qrate.lists;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.random.RandomGenerator;
import qrate.core.Body;
import qrate.core.Envelope;
import qrate.core.Intake;
import qrate.core.Verdict;
import qrate.message.Mime;
import qrate.message.TraceFields;

/// A moderator's decision, for whoever has pages: said as a moderator says it who answers the list's question by mail,
/// so that posts go out in one place only.
///
/// @param queue takes the message to the list
public record Decisions(Intake queue, InstantSource clock, RandomGenerator random) {
    /// Longest reason, in characters.
    public static final int REASON_CHARS_MAX = 1_000;

    /// Whether a post goes out.
    public enum Decision {
        ACCEPT,
        REJECT
    }

    /// Tells a list about a post that waits.
    ///
    /// @param reason for whoever sent a post that is rejected; may be empty
    /// @return what the queue says
    public Verdict decide(ListLook look, ListLook.Waiting post, Decision decision, String reason) throws IOException {
        MailingList list = look.list();
        Instant now = clock.instant();
        String word = decision == Decision.ACCEPT ? "accept-" : "reject-";
        String to = list.address(word + post.id() + "." + list.cookies().make(Moderation.ACTION, post.id(), now));
        String id = now.getEpochSecond() + "." + Long.toHexString(random.nextLong()) + ".moderate";
        String owner = list.address("owner");
        String header = TraceFields.date(now) + TraceFields.messageId(id, list.host()) + "From: " + owner + "\nTo: "
                + to + "\nSubject: decided on a page\n";
        String text = decision == Decision.ACCEPT || reason.isBlank()
                ? ""
                : Moderation.MARK + "\n" + reason.strip() + "\n" + Moderation.MARK + "\n";
        Body body = text.isEmpty() ? Body.of((header + "\n").getBytes(UTF_8)) : Mime.text(header, text);
        return queue.accept(Envelope.of(owner, to), body);
    }
}
