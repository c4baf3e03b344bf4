package dev.warder.frontends;

import dev.warder.testkit.Container;
import dev.warder.testkit.JettyContainer;
import dev.warder.testkit.TomcatContainer;

/** What a contract stands on: a kind of front end, and the container before which it stands. */
interface Pair {
    FrontEnd kind();

    default Container.Starter starter() {
        return TomcatContainer::start;
    }

    /** The front end is nginx. */
    interface OnNginx extends Pair {
        @Override
        default FrontEnd kind() {
            return new FrontEnd.NginxFrontEnd();
        }
    }

    /** The front end is HAProxy. */
    interface OnHaproxy extends Pair {
        @Override
        default FrontEnd kind() {
            return new FrontEnd.HaproxyFrontEnd();
        }
    }

    /** The front end is Apache httpd. */
    interface OnApache extends Pair {
        @Override
        default FrontEnd kind() {
            return new FrontEnd.ApacheFrontEnd();
        }
    }

    /** It stands before Jetty, and otherwise before Tomcat. */
    interface BeforeJetty extends Pair {
        @Override
        default Container.Starter starter() {
            return JettyContainer::start;
        }
    }
}
