import { Argument, Command, Option } from "commander";
import { secondsOf } from "./duration.ts";
import { EXIT_STATUS } from "./command_failure.ts";
import { printList } from "./list_command.ts";
import { newView, type NewViewOptions, subsetOf } from "./new_view.ts";
import type { GivenPlace } from "./place.ts";
import type { ViewCommand } from "./view_command.ts";
import {
  aboutView,
  type CreationOptions,
  printChange,
  printCreation,
  printDeletion,
  printOpening,
  printWake,
} from "./view_commands.ts";
import { type AwaitedPhase, stateText, untilPhase } from "./waits.ts";
import { printWhy } from "./why_command.ts";

/** The options that say which gateway is asked, and as whom. */
export interface GlobalOptions extends GivenPlace {
  readonly context?: string;
}

/** Runs one command with what it works with. */
export type RunCommand = (
  options: GlobalOptions,
  isOffline: boolean,
  run: (command: ViewCommand) => Promise<void>,
) => Promise<void>;

const HELP = `
The gateway and the token:
  The gateway is --gateway, VIEW_GATEWAY or what the kubeconfig's context names.
  The token is that of --token-file, --service-account, VIEW_GATEWAY_TOKEN or the context.
  It is a token for the audience view-gateway. The cluster's own token is never sent.

Exit status:
  ${EXIT_STATUS.done}    done
  ${EXIT_STATUS.refused}    the gateway refuses this or cannot be reached, or the command is wrong
  ${EXIT_STATUS.timeout}    the time is over
  ${EXIT_STATUS.failed}    the view has failed
  130  ended by Ctrl-C`;

/** The command line of the plugin. */
export function viewProgram(run: RunCommand): Command {
  const program = new Command("kubectl view")
    .description("Creates, opens and watches views through the view gateway's API.")
    .addOption(new Option("--gateway <url>", "address of the gateway, such as https://views.example.com"))
    .addOption(
      new Option("--token-file <file>", 'file with your token, or with "Authorization: Bearer TOKEN"')
        .conflicts("serviceAccount"),
    )
    .addOption(new Option("--service-account <name>", "let kubectl create a token of this service account"))
    .addOption(new Option("--context <name>", "context of the kubeconfig"))
    .addOption(new Option("-n, --namespace <name>", "namespace of the service account, and of the views for `why`"))
    .addHelpText("after", HELP)
    .helpCommand(false);
  const online = (one: (command: ViewCommand) => Promise<void>) => run(program.opts(), false, one);
  addList(program, online);
  addCreate(program, (isOffline, one) => run(program.opts(), isOffline, one));
  addWaits(program, online);
  addActions(program, online);
  return program;
}

type Online = (run: (command: ViewCommand) => Promise<void>) => Promise<void>;

function addList(program: Command, online: Online): void {
  program.command("list")
    .alias("ls")
    .description("Lists the views that you may see.")
    .addOption(new Option("--phase <phase>", "only views in this phase").choices([
      ...["asleep", "starting", "awake", "failed"],
    ]))
    .option("--owner <user>", "only views of this owner, by the whole name")
    .option("-q, --query <text>", "only views with this in their names")
    .addOption(new Option("-o, --output <format>", "how they are shown").choices(["wide", "json", "name"]))
    .action((options) => online((command) => printList(command, options)));
}

function addCreate(
  program: Command,
  run: (isOffline: boolean, one: (command: ViewCommand) => Promise<void>) => Promise<void>,
): void {
  const each = <T>(read: (text: string) => T) => (text: string, before: readonly T[] = []) => [...before, read(text)];
  const text = (value: string) => value;
  program.command("create")
    .description("Creates a view, which is asleep until its first request.")
    .argument("<name>", "the first label of its hostname")
    .addOption(
      new Option("--subset <bucket/prefix[:readwrite]>", "what it may read of the lake, or also write; can be repeated")
        .argParser(each(subsetOf)),
    )
    .option("--template <name>", "its workload template")
    .addOption(new Option("--idle <duration>", "asleep after this time without traffic").argParser(secondsOf))
    .addOption(new Option("--lifetime <duration>", "asleep after this time in any case").argParser(secondsOf))
    .addOption(new Option("--share-user <user>", "who may open and see it; can be repeated").argParser(each(text)))
    .addOption(new Option("--share-group <group>", "whose members may; can be repeated").argParser(each(text)))
    .option("--everyone", "every user who has signed in may open and see it")
    .option("--public", "everybody may open it, without a sign-in")
    .option("--wait", "wake it, and wait until it is awake")
    .addOption(timeoutOption())
    .option("--dry-run", "only show what would be sent")
    .addOption(new Option("-o, --output <format>", "how it is shown").choices(["json", "name"]))
    .action((name: string, options: NewViewOptions & CreationOptions) =>
      run(options.dryRun ?? false, (command) => printCreation(command, newView(name, options), options))
    );
}

function addWaits(program: Command, online: Online): void {
  program.command("wait")
    .description("Waits until a view is in a phase. It does not wake the view.")
    .addArgument(viewArgument())
    .addOption(new Option("--for <phase>", "the phase").choices(["awake", "asleep", "failed"]).default("awake"))
    .addOption(timeoutOption())
    .action((name: string, options: { readonly for: AwaitedPhase; readonly timeout: number }) =>
      online((command) =>
        aboutView(command, name, async () => {
          const view = await untilPhase(command, name, options.for, options.timeout);
          await command.terminal.out(`${stateText(view)}.\n`);
        })
      )
    );
  program.command("wake")
    .description("Wakes a view that is asleep or has failed.")
    .addArgument(viewArgument())
    .option("--wait", "wait until it is awake")
    .addOption(timeoutOption())
    .action((name: string, options) =>
      online((command) => aboutView(command, name, () => printWake(command, name, options)))
    );
}

function addActions(program: Command, online: Online): void {
  const about = (name: string, one: (command: ViewCommand) => Promise<void>) =>
    online((command) => aboutView(command, name, () => one(command)));
  program.command("open")
    .description("Opens a view in the browser, and prints its URL. The first request wakes it.")
    .addArgument(viewArgument())
    .option("--print-only", "only print the URL")
    .action((name: string, { printOnly = false }) => about(name, (command) => printOpening(command, name, printOnly)));
  program.command("why")
    .description("Says what a view does, why it has failed, and what you can do.")
    .addArgument(viewArgument())
    .addOption(new Option("-o, --output <format>", "how it is shown").choices(["json"]))
    .action((name: string, { output }) => about(name, (command) => printWhy(command, name, output)));
  program.command("sleep")
    .description("Puts a view to sleep. Its pod finishes the requests that it has.")
    .addArgument(viewArgument())
    .action((name: string) => about(name, (command) => printChange(command, name, "sleep")));
  program.command("restart")
    .description("Starts a view anew, from its current template.")
    .addArgument(viewArgument())
    .action((name: string) => about(name, (command) => printChange(command, name, "restart")));
  program.command("delete")
    .description("Deletes a view. Its data in the lake stay.")
    .addArgument(viewArgument())
    .action((name: string) => about(name, (command) => printDeletion(command, name)));
}

function viewArgument(): Argument {
  return new Argument("<name>", "the view");
}

function timeoutOption(): Option {
  return new Option("--timeout <duration>", "how long to wait").argParser(secondsOf).default(60, "60s");
}
