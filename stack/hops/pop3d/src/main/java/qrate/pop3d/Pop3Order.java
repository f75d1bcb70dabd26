package qrate.pop3d;

/// Which command may follow which: a pure function.
final class Pop3Order {
    /// What the connection offers at this moment.
    ///
    /// @param tls whether STLS can work now
    /// @param login whether a login may be sent now, with or without TLS
    /// @param apop whether the greeting had a timestamp
    record Door(boolean tls, boolean login, boolean apop) {}

    /// What to do, and the stage to be in if it works out.
    record Step(Pop3State next, Deed deed) {}

    /// What a command asks the session to do.
    sealed interface Deed {
        /// Say one line.
        record Say(String line) implements Deed {}

        /// Say one line about a command that makes no sense here.
        record Wrong(String line) implements Deed {}

        /// Check a password; the stage becomes {@link Pop3State.Reading} only if it is right.
        record Login(String user, Secret password) implements Deed {}

        /// Check an APOP response.
        record Apop(String user, String digest) implements Deed {}

        /// Ask for the response of SASL PLAIN, then check it.
        record Challenge() implements Deed {}

        /// Check a response of SASL PLAIN in base64.
        record Plain(String response) implements Deed {}

        /// Say the mechanisms.
        record Mechanisms() implements Deed {}

        /// Say the capabilities.
        record Capabilities() implements Deed {}

        /// Say yes and start TLS.
        record StartTls() implements Deed {}

        /// Ask the box.
        record Ask(Command.OfBox command) implements Deed {}

        /// Carry out deletions and say goodbye.
        record Update() implements Deed {}

        /// Say goodbye.
        record Leave() implements Deed {}
    }

    private static final String NO_PLAINTEXT = "-ERR [AUTH] TLS first (STLS, or port 995)";

    private Pop3Order() {}

    static Step next(Pop3State stage, Command command, Door door) {
        return switch (stage) {
            case Pop3State.Nobody(boolean utf8) -> before(stage, utf8, command, door);
            case Pop3State.Named(String user, boolean utf8) ->
                command instanceof Command.Pass(Secret password)
                        ? new Step(new Pop3State.Nobody(utf8), new Deed.Login(user, password))
                        : before(stage, utf8, command, door);
            case Pop3State.Reading reading -> inside(reading, command);
        };
    }

    private static Step before(Pop3State stage, boolean utf8, Command command, Door door) {
        Pop3State.Nobody nobody = new Pop3State.Nobody(utf8);
        return switch (command) {
            case Command.User(String name) ->
                door.login
                        ? new Step(new Pop3State.Named(name, utf8), new Deed.Say("+OK"))
                        : new Step(nobody, new Deed.Wrong(NO_PLAINTEXT));
            case Command.Pass _ -> new Step(nobody, new Deed.Wrong("-ERR USER first"));
            case Command.Apop(String name, String digest) ->
                new Step(nobody, door.apop ? new Deed.Apop(name, digest) : new Deed.Wrong("-ERR APOP is not offered"));
            case Command.AuthList _ -> new Step(stage, new Deed.Mechanisms());
            case Command.Auth(String mechanism) -> auth(nobody, mechanism, new Deed.Challenge(), door);
            case Command.AuthAtOnce(String mechanism, String response) ->
                auth(nobody, mechanism, new Deed.Plain(response), door);
            case Command.Capa _ -> new Step(stage, new Deed.Capabilities());
            case Command.Stls _ -> stls(stage, utf8, door);
            case Command.Utf8 _ -> new Step(utf8(stage), new Deed.Say("+OK UTF8 enabled"));
            case Command.Quit _ -> new Step(nobody, new Deed.Leave());
            case Command.Bad(String why) -> new Step(stage, new Deed.Wrong("-ERR " + why));
            case Command.OfBox _ -> new Step(stage, new Deed.Wrong("-ERR log in first"));
        };
    }

    private static Pop3State utf8(Pop3State stage) {
        return stage instanceof Pop3State.Named(String user, boolean _)
                ? new Pop3State.Named(user, true)
                : new Pop3State.Nobody(true);
    }

    private static Step stls(Pop3State stage, boolean utf8, Door door) {
        if (utf8) {
            // RFC 6856 §2.1
            return new Step(stage, new Deed.Wrong("-ERR no STLS after UTF8"));
        }
        return door.tls
                ? new Step(new Pop3State.Nobody(false), new Deed.StartTls())
                : new Step(stage, new Deed.Wrong("-ERR TLS is on already or not to be had"));
    }

    private static Step auth(Pop3State.Nobody nobody, String mechanism, Deed deed, Door door) {
        if (!door.login) {
            return new Step(nobody, new Deed.Wrong(NO_PLAINTEXT));
        }
        return mechanism.equals("PLAIN")
                ? new Step(nobody, deed)
                : new Step(nobody, new Deed.Wrong("-ERR only PLAIN is offered"));
    }

    private static Step inside(Pop3State.Reading reading, Command command) {
        return switch (command) {
            case Command.OfBox ask -> new Step(reading, new Deed.Ask(ask));
            case Command.Capa _ -> new Step(reading, new Deed.Capabilities());
            case Command.Quit _ -> new Step(reading, new Deed.Update());
            case Command.Bad(String why) -> new Step(reading, new Deed.Wrong("-ERR " + why));
            case Command.User _,
                    Command.Pass _,
                    Command.Apop _,
                    Command.Auth _,
                    Command.AuthAtOnce _,
                    Command.AuthList _,
                    Command.Stls _,
                    Command.Utf8 _ -> new Step(reading, new Deed.Wrong("-ERR logged in already"));
        };
    }
}
