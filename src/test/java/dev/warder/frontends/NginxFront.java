package dev.warder.frontends;

import org.junit.jupiter.api.Nested;

class NginxFront {
    @Nested
    class Alone extends FrontContract implements Pair.OnNginx {}

    @Nested
    class DrainBeforeJetty extends DrainContract implements Pair.OnNginx, Pair.BeforeJetty {}

    @Nested
    class DrainBeforeTomcat extends DrainContract implements Pair.OnNginx {}

    @Nested
    class ExchangeBeforeJetty extends ExchangeContract implements Pair.OnNginx, Pair.BeforeJetty {}

    @Nested
    class ExchangeBeforeTomcat extends ExchangeContract implements Pair.OnNginx {}

    @Nested
    class Files extends FilesContract implements Pair.OnNginx {}

    @Nested
    class FilesBesideAnotherServer extends FilesContract {
        @Override
        public FrontEnd kind() {
            return new FrontEnd.NginxFrontEnd(true);
        }
    }
}
