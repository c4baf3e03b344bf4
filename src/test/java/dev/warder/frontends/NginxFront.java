package dev.warder.frontends;

import dev.warder.testkit.JettyContainer;
import dev.warder.testkit.TomcatContainer;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Nested;

class NginxFront {
    private static final FrontEnd NGINX = new NginxFrontEnd();
    private static final Set<OddRequest> BEFORE_TOMCAT =
            EnumSet.of(OddRequest.BARE_LINE_FEED, OddRequest.OTHER_HOST_IN_TARGET);
    private static final Set<OddRequest> BEFORE_JETTY =
            EnumSet.of(OddRequest.BARE_LINE_FEED, OddRequest.OTHER_HOST_IN_TARGET, OddRequest.RAW_QUERY);

    @Nested
    class Address extends AddressContract {
        Address() {
            super(NGINX);
        }
    }

    @Nested
    class DrainBeforeJetty extends DrainContract {
        DrainBeforeJetty() {
            super(NGINX, JettyContainer::start);
        }
    }

    @Nested
    class DrainBeforeTomcat extends DrainContract {
        DrainBeforeTomcat() {
            super(NGINX, TomcatContainer::start);
        }
    }

    @Nested
    class ExchangeBeforeJetty extends ExchangeContract {
        ExchangeBeforeJetty() {
            super(NGINX, JettyContainer::start);
        }
    }

    @Nested
    class ExchangeBeforeTomcat extends ExchangeContract {
        ExchangeBeforeTomcat() {
            super(NGINX, TomcatContainer::start);
        }
    }

    @Nested
    class Files extends FilesContract {
        Files() {
            super(NGINX);
        }
    }

    @Nested
    class FlowBeforeJetty extends FlowContract {
        FlowBeforeJetty() {
            super(NGINX, JettyContainer::start);
        }
    }

    @Nested
    class FlowBeforeTomcat extends FlowContract {
        FlowBeforeTomcat() {
            super(NGINX, TomcatContainer::start);
        }
    }

    @Nested
    class HygieneBeforeJetty extends HygieneContract {
        HygieneBeforeJetty() {
            super(NGINX, JettyContainer::start, BEFORE_JETTY);
        }
    }

    @Nested
    class HygieneBeforeTomcat extends HygieneContract {
        HygieneBeforeTomcat() {
            super(NGINX, TomcatContainer::start, BEFORE_TOMCAT);
        }
    }

    @Nested
    class Retry extends RetryContract {
        Retry() {
            super(NGINX);
        }
    }
}
