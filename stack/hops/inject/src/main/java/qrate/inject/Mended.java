package qrate.inject;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import qrate.message.AddressList;
import qrate.message.Dates;
import qrate.message.Field;

/// A header as it should be (qmail-header(5)).
///
/// @param fields in order
/// @param recipients the addresses it names, for the envelope
/// @param returnPath what Return-Path said, if it was there
record Mended(List<Field> fields, List<AddressList.Mailbox> recipients, Optional<AddressList> returnPath) {
    private static final Set<String> TO = Set.of("to", "cc", "bcc", "apparently-to");
    private static final Set<String> RESENT_TO = Set.of("resent-to", "resent-cc", "resent-bcc");
    private static final Set<String> OTHER_ADDRESSES = Set.of(
            "sender",
            "from",
            "reply-to",
            "return-path",
            "return-receipt-to",
            "errors-to",
            "resent-sender",
            "resent-from",
            "resent-reply-to");

    /// What the header of one message is made with.
    ///
    /// @param unique a part of the Message-ID that no other message made at this instant has
    /// @param lists whose mail gets Mail-Followup-To
    record Making(EnvironmentUser user, HostNames names, FollowUp lists, Instant now, String unique) {}

    /// How it went.
    sealed interface Result {
        record Good(Mended header) implements Result {}

        record Bad(String why) implements Result {}
    }

    static Result mend(List<Field> header, Making making) {
        boolean resent = header.stream().anyMatch(f -> Field.RESENT.contains(f.name()));
        List<Field> fields = new ArrayList<>();
        List<AddressList.Mailbox> recipients = new ArrayList<>();
        List<AddressList.Mailbox> toAndCc = new ArrayList<>();
        Optional<AddressList> returnPath = Optional.empty();
        for (Field field : header) {
            String key = field.name();
            if (key.equals("content-length") || dropped(key, making.user)) {
                continue;
            }
            if (!TO.contains(key) && !RESENT_TO.contains(key) && !OTHER_ADDRESSES.contains(key)) {
                fields.add(field);
                continue;
            }
            AddressList list;
            switch (AddressList.parse(field.value())) {
                case AddressList.Parsed.Bad(var why) -> {
                    return new Result.Bad(field.written() + ": " + why);
                }
                case AddressList.Parsed.Good(var good) -> list = good.withDomains(making.names::complete);
            }
            if (key.equals("to") || key.equals("cc")) {
                toAndCc.addAll(list.mailboxes());
            }
            if ((resent ? RESENT_TO : TO).contains(key)) {
                recipients.addAll(list.mailboxes());
            }
            if (key.equals("return-path")) {
                boolean counts = returnPath.isEmpty()
                        && !making.user.flag('s')
                        && !list.items().isEmpty();
                returnPath = counts ? Optional.of(list) : returnPath;
            } else if (!key.endsWith("bcc") && !list.items().isEmpty()) {
                fields.add(Field.of(field.written(), list.text(field.written().length() + 2)));
            }
        }
        List<Field> all = missing(fields, resent, making); // what is new stands in front, as qmail-inject puts it
        if (!resent && fields.stream().noneMatch(f -> f.name().equals("mail-followup-to"))) {
            making.lists.field(toAndCc).ifPresent(all::add);
        }
        all.addAll(fields);
        return new Result.Good(new Mended(all, recipients, returnPath));
    }

    /// The flags name these fields and not their Resent- forms (qmail-inject(8)).
    private static boolean dropped(String key, EnvironmentUser user) {
        return (user.flag('f') && key.equals("from")) || (user.flag('i') && key.equals("message-id"));
    }

    private static List<Field> missing(List<Field> fields, boolean resent, Making making) {
        Set<String> keys = new HashSet<>();
        fields.forEach(f -> keys.add(f.name()));
        String prefix = resent ? "resent-" : "";
        String written = resent ? "Resent-" : "";
        List<Field> more = new ArrayList<>();
        if (!keys.contains(prefix + "date")) {
            more.add(Field.of(written + "Date", Dates.header(making.now)));
        }
        if (!keys.contains(prefix + "message-id")) {
            String id = Dates.stamp(making.now) + "." + making.unique + ".qmail@" + making.names.idHost();
            more.add(Field.of(written + "Message-ID", "<" + id + ">"));
        }
        if (!keys.contains(prefix + "from")) {
            String name = written + "From";
            more.add(Field.of(name, making.user.fromText(name.length() + 2)));
        }
        if (!keys.contains(prefix + "to") && !keys.contains(prefix + "cc")) {
            more.add(Field.of(written + "Cc", "recipient list not shown: ;"));
        }
        return more;
    }
}
