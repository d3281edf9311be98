import { PageHeading } from "../components/page-heading.tsx";
import { Panel } from "../components/panel.tsx";

/** What the dashboard shows while no password is set. */
export function HowToSwitchOn() {
  return (
    <>
      <PageHeading title="The dashboard is off">
        Nobody can sign in, because no password has been set. Whoever runs this site sets one like this.
      </PageHeading>
      <div className="mt-8 grid max-w-3xl gap-6">
        <Panel title="1. Choose a password">
          <Command>npm run password</Command>
          <p className="mt-3 text-muted">
            It asks for the password and prints its hash. The password itself is kept nowhere.
          </p>
        </Panel>
        <Panel title="2. Give the hash to the server">
          <p>On this machine, through the environment:</p>
          <Command>ADMIN_PASSWORD_HASH=scrypt.15.8.3.… npm start</Command>
          <p className="mt-4">On AWS, as a secret of the stage. It takes effect within half a minute:</p>
          <Command>npx sst secrets set ADMIN_PASSWORD_HASH scrypt.15.8.3.… --stage prod</Command>
        </Panel>
      </div>
    </>
  );
}

function Command({ children }: { children: string }) {
  return (
    <pre tabIndex={0} className="mt-2 overflow-x-auto rounded-control bg-plate p-3 text-sm">
      <code>{children}</code>
    </pre>
  );
}
