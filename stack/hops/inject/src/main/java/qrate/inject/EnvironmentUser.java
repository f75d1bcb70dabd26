package qrate.inject;

import java.time.Instant;
import java.util.Map;
import qrate.message.AddressList;
import qrate.message.Dates;
import qrate.message.HeaderWords;

/// Who sends, by the environment (qmail-inject(8)).
///
/// @param from address for From, bytes as characters
/// @param name personal name, maybe empty
/// @param sender default envelope sender, VERP marks and all
/// @param flags letters of QMAILINJECT
record EnvironmentUser(AddressList.Mailbox from, String name, String sender, String flags) {
    static EnvironmentUser of(Map<String, String> environment, HostNames names, Instant now) {
        String user = first(environment, "anonymous", "QMAILUSER", "MAILUSER", "USER", "LOGNAME");
        String host = names.complete(first(environment, "", "QMAILHOST", "MAILHOST"));
        String name = first(environment, "", "QMAILNAME", "MAILNAME", "NAME");
        String flags = environment.getOrDefault("QMAILINJECT", "");
        String senderUser = first(environment, user, "QMAILSUSER");
        String senderHost = names.complete(first(environment, host, "QMAILSHOST"));
        boolean perMessage = flags.contains("m");
        boolean perRecipient = flags.contains("r");
        String local = senderUser
                + (perMessage
                        ? "-" + Dates.stamp(now) + "." + ProcessHandle.current().pid()
                        : "")
                + (perRecipient ? "-" : "");
        String sender = local + "@" + senderHost + (perRecipient ? "-@[]" : "");
        return new EnvironmentUser(new AddressList.Mailbox("", user, host, "", false), name, sender, flags);
    }

    boolean flag(char letter) {
        return flags.indexOf(letter) >= 0;
    }

    /// The From field's content: name-address style, or address-comment style by the flag `c`.
    String fromText(int column) {
        AddressList.Mailbox mailbox = from;
        if (!name.isEmpty()) {
            mailbox = flag('c')
                    ? new AddressList.Mailbox("", from.local(), from.domain(), HeaderWords.comment(name), false)
                    : new AddressList.Mailbox(HeaderWords.phrase(name), from.local(), from.domain(), "", true);
        }
        return new AddressList(java.util.List.of(mailbox)).text(column);
    }

    private static String first(Map<String, String> environment, String otherwise, String... variables) {
        for (String variable : variables) {
            String value = environment.getOrDefault(variable, "");
            if (!value.isEmpty()) {
                return HeaderWords.bytes(value.replaceAll("[\\x00-\\x1f\\x7f]", " "));
            }
        }
        return otherwise;
    }
}
