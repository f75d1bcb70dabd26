package qrate.local.deliver;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import qrate.core.Body;
import qrate.core.Control;
import qrate.core.Envelope;
import qrate.core.Intake;
import qrate.core.Parameters;
import qrate.core.Recipient;
import qrate.core.SpamRule;
import qrate.core.Spawner;
import qrate.core.Verdict;
import qrate.local.plan.Deed;
import qrate.local.plan.Fullness;
import qrate.local.plan.Homes;
import qrate.local.plan.Refusals;
import qrate.maildir.Maildir;
import qrate.maildir.MaildirQuota;

/// The things a delivery can come to: a Maildir, an mbox, a forward.
final class Actions {
    private final Homes homes;
    private final Maildirs maildirs;
    private final Forwards forwards;
    private final Control control;
    private final InstantSource clock;
    private final Mbox mbox = new Mbox();
    private final Fullness fullness;
    private final QuotaWarnings warnings;

    /// How messages are sent on.
    ///
    /// @param expansion keeps that in bounds
    /// @param failing says who would not get it
    record Forwards(Intake queue, Expansion expansion, Failing failing) {
        /// Of one message by hand.
        static Forwards byHand(Intake queue) {
            return new Forwards(queue, new Expansion(to -> to), (_, _, _) -> false);
        }
    }

    /// Which addresses a message cannot be sent on to.
    @FunctionalInterface
    interface Failing {
        /// @param from who sends it on
        boolean fails(String address, String from, long bytes) throws IOException;
    }

    /// @param warnings tell the owner of a mailbox that it is nearly full
    Actions(
            Homes homes,
            Maildirs maildirs,
            Forwards forwards,
            Control control,
            InstantSource clock,
            QuotaWarnings warnings) {
        this.homes = homes;
        this.maildirs = maildirs;
        this.forwards = forwards;
        this.control = control;
        this.clock = clock;
        this.fullness = new Fullness(homes, clock);
        this.warnings = warnings;
    }

    /// Delivers into a Maildir, exactly once.
    Verdict maildir(Mailing mailing, Deed.Box box) {
        return maildirs(List.of(new ToBox(mailing, box))).getFirst();
    }

    /// A message for a mailbox.
    record ToBox(Mailing mailing, Deed.Box box) {}

    /// One that has room there.
    ///
    /// @param at its place among those that are delivered together
    /// @param folder of the mailbox, which it goes into
    /// @param counts whether the mailbox has a quota
    private record Placed(
            int at, Deed.Box box, Path folder, MaildirQuota quota, boolean counts, Maildirs.Posting posting) {}

    /// Delivers into Maildirs, each exactly once; what there is to wait for, together.
    ///
    /// @return one verdict each, in their order
    List<Verdict> maildirs(List<ToBox> all) {
        Verdict[] verdicts = new Verdict[all.size()];
        List<Placed> placed = new ArrayList<>(all.size());
        List<Maildirs.Posting> postings = new ArrayList<>(all.size());
        for (int i = 0; i < verdicts.length; i++) {
            Deed.Box box = all.get(i).box;
            try {
                Optional<Placed> place = place(i, all.get(i));
                if (place.isPresent()) {
                    placed.add(place.get());
                    postings.add(place.get().posting);
                } else {
                    verdicts[i] = Refusals.full();
                }
            } catch (IOException e) {
                verdicts[i] = Refusals.undelivered(homes.onDisk(box.maildir()), e);
            }
        }
        List<Maildirs.Outcome> outcomes = maildirs.deliver(postings);
        for (int i = 0; i < placed.size(); i++) {
            verdicts[placed.get(i).at] = ended(placed.get(i), outcomes.get(i));
        }
        return List.of(verdicts);
    }

    /// Where it goes, unless the mailbox is full.
    private Optional<Placed> place(int at, ToBox to) throws IOException {
        Mailing mailing = to.mailing;
        Deed.Box box = to.box;
        Path folder = folder(mailing, box.maildir());
        String maildir = homes.onDisk(folder);
        Body body = mailing.forMailbox();
        MaildirQuota quota = new MaildirQuota(box.maildir(), clock);
        boolean counts = quota.isKept(box.limit());
        if (counts && !maildirs.noted(mailing.key(), maildir) && !fits(quota, box, body.size())) {
            filled(box);
            return Optional.empty();
        }
        Maildirs.Posting posting = new Maildirs.Posting(mailing.key(), maildir, box.make(), body, clock.millis());
        return Optional.of(new Placed(at, box, folder, quota, counts, posting));
    }

    private Verdict ended(Placed placed, Maildirs.Outcome outcome) {
        String maildir = placed.posting.maildir();
        try {
            switch (outcome) {
                case Maildirs.Outcome.Failed(IOException why) -> {
                    return Refusals.undelivered(maildir, why);
                }
                case Maildirs.Outcome.There(boolean fresh)
                when fresh -> {
                    if (placed.counts) {
                        placed.quota.changed(placed.posting.body().size(), 1);
                    }
                    filled(placed.box);
                }
                case Maildirs.Outcome.There _ -> {
                    // counted when it came
                }
            }
            maildirs.clean(placed.folder, clock.instant());
            return new Verdict.Delivered("did 1+0+0");
        } catch (IOException e) {
            return Refusals.undelivered(maildir, e);
        }
    }

    private void filled(Deed.Box box) {
        if (fullness.note(box.maildir(), box.limit())) {
            warnings.warn(box.maildir(), box.limit());
        }
    }

    /// Which folder of a mailbox it goes into: spam into `.Junk`, if the recipient's domain wants that. A delivery that
    /// was noted stays where it was noted, whatever the domain wants by now.
    private Path folder(Mailing mailing, Path maildir) throws IOException {
        boolean spam = mailing.job().client().spam();
        if (!spam || maildir.endsWith(Maildir.JUNK) || maildirs.noted(mailing.key(), homes.onDisk(maildir))) {
            return maildir;
        }
        Path junk = maildir.resolve(Maildir.JUNK);
        boolean moved = maildirs.noted(mailing.key(), homes.onDisk(junk))
                || SpamRule.of(control, mailing.to().domain()) != SpamRule.MARK;
        return moved ? junk : maildir;
    }

    /// Appends to an mbox file; a repeated delivery appends again.
    Verdict mbox(Mailing mailing, Path file) {
        try {
            mbox.append(file, mailing, clock.instant());
            return new Verdict.Delivered("did 1+0+0");
        } catch (IOException e) {
            return Refusals.trouble("Unable to write " + homes.onDisk(file), e);
        }
    }

    Instant now() {
        return clock.instant();
    }

    private static boolean fits(MaildirQuota quota, Deed.Box box, long size) throws IOException {
        try {
            return quota.fits(box.limit(), size);
        } catch (NoSuchFileException e) {
            if (!box.make()) {
                throw e;
            }
            // the Maildir is not made yet, so that nothing is in it
            return box.limit().bytes() == 0 || size <= box.limit().bytes();
        }
    }

    /// Sends the message on, under an envelope sender of our choice.
    ///
    /// Where somebody gets it, an address that is known to fail is no business of the sender's, whom anybody can
    /// name: that copy, and so its bounce, is the domain's postmaster's, who can mend the alias.
    ///
    /// @param alone whether nobody but these has the message
    /// @return Delivered with what the queue said
    Verdict forward(Mailing mailing, String sender, List<String> to, boolean alone) {
        boolean strangers = !sender.isEmpty()
                && !sender.equals(Envelope.DOUBLE_BOUNCE_SENDER)
                && sender.equals(mailing.job().sender()); // else the owner's that the file names
        List<String> lost = !strangers || (alone && to.size() == 1)
                ? List.of()
                : to.stream().filter(address -> fails(mailing, address)).toList();
        if (lost.isEmpty() || (alone && lost.size() == to.size())) {
            return sendOn(mailing, sender, to);
        }
        // theirs first: should the others have to be tried again, it is a bounce that comes twice, and no mail
        Verdict verdict = sendOn(mailing, "postmaster@" + mailing.to().domain(), lost);
        List<String> rest =
                to.stream().filter(address -> !lost.contains(address)).toList();
        return rest.isEmpty() || !(verdict instanceof Verdict.Delivered) ? verdict : sendOn(mailing, sender, rest);
    }

    private boolean fails(Mailing mailing, String address) {
        try {
            return forwards.failing.fails(
                    address, mailing.to().toString(), mailing.job().body().size());
        } catch (IOException _) {
            return false; // who delivers it will find out
        }
    }

    /// Sends the message on to whoever has no copy yet, since aliases that lead to aliases reach the same addresses
    /// again and again.
    private Verdict sendOn(Mailing mailing, String sender, List<String> to) {
        boolean same = sender.equals(mailing.job().sender());
        String parameters = same
                ? mailing.job().parameters()
                // how the message must travel, without who hears of its fate
                : new Parameters(mailing.job().parameters())
                        .only("BODY", "SMTPUTF8", Envelope.REQUIRETLS, Expansion.PARAMETER)
                        .text();
        return switch (forwards.expansion.step(mailing, sender, parameters, to)) {
            case Expansion.Step.Nothing _ -> new Verdict.Delivered("each of them has a copy");
            case Expansion.Step.TooMany(boolean first) ->
                first
                        ? new Verdict.Never("This message was sent on to " + Expansion.COPIES_MAX
                                + " addresses already, and to no more. (#5.4.6)")
                        // who sent it knows: one report for all that are left out, not one for each
                        : new Verdict.Delivered("left out: too many copies, as was reported");
            case Expansion.Step.Send send -> {
                Verdict verdict = new Verdict.Later("Unable to forward message. (#4.3.0)");
                try {
                    Envelope envelope = envelope(mailing, sender, same, send.to());
                    Envelope marked = envelope.with(send.parameters());
                    verdict = accept(mailing, marked.sentOnBy(mailing.to().domain()));
                    if (verdict instanceof Verdict.Never) {
                        // another's QMQP server takes no parameters of ours
                        verdict = accept(mailing, envelope.with(parameters));
                    }
                } catch (IllegalArgumentException e) {
                    verdict = Refusals.unsendable(e);
                } finally {
                    if (!(verdict instanceof Verdict.Delivered)) {
                        forwards.expansion.undo(send.claim());
                    }
                }
                yield verdict;
            }
        };
    }

    private static Envelope envelope(Mailing mailing, String sender, boolean same, List<String> to) {
        String own = same ? mailing.delivery().recipient().withoutSuccess() : "";
        return new Envelope(
                sender,
                "",
                mailing.job().client(),
                to.stream().map(a -> new Recipient(a, own)).toList());
    }

    private Verdict accept(Mailing mailing, Envelope envelope) {
        return switch (forwards.queue.accept(envelope, mailing.forForward())) {
            case Verdict.Delivered d -> d;
            case Verdict.Later l -> new Verdict.Later("Unable to forward message: " + l.text());
            case Verdict.Never n -> new Verdict.Never("Unable to forward message: " + n.text());
        };
    }

    /// The first line of a delivery that did nothing but send the message on: a sender who asked to hear of success is
    /// told that there is more to come, or that the message has arrived where somebody else answers for it, a list.
    static String sentOn(Mailing mailing, String sender) {
        boolean told = sender.equals(mailing.job().sender())
                && mailing.delivery().recipient().notifies("SUCCESS");
        return told ? Spawner.EXPANDED + "\n" : "";
    }
}
