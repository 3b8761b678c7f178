import { addLedger, emptyLedger, type Ledger, type Start } from '../../src/bus/index.ts';
import type { ViewRequest } from '../../src/protocol/index.ts';
import { ModelSubscriber, type SubscriberPlan } from './model-subscriber.ts';
import { ModelTopic, schemas, type TopicPlan, topicPlans } from './model-topic.ts';
import { TestBus } from './test-bus.ts';

/** One thing that happens. Numbers that name a topic or a subscriber are taken modulo how many there are. */
export type Step =
  | { readonly do: 'publish'; readonly topic: number; readonly dice: readonly number[] }
  | { readonly do: 'remove'; readonly topic: number; readonly rows: readonly number[] }
  /** That many rows are removed, whether they are there or not. */
  | { readonly do: 'clear'; readonly topic: number; readonly count: number }
  | { readonly do: 'turn' }
  | { readonly do: 'pass'; readonly ms: number }
  | { readonly do: 'birth' }
  | ({ readonly do: 'join'; readonly isSlow: boolean; readonly since?: Start['since'] } & SubscriberPlan)
  /** `keepsLooks`: of nothing but rate and deltas. */
  | { readonly do: 'change'; readonly who: number; readonly view: ViewRequest; readonly keepsLooks: boolean }
  | { readonly do: 'verify'; readonly who: number; readonly topic: number; readonly want: 'checksum' | 'snapshot' }
  | { readonly do: 'catchUp'; readonly who: number; readonly bytes: number; readonly mayRelease: boolean }
  | { readonly do: 'stall' | 'pause' | 'resume' | 'leave' | 'reconnect'; readonly who: number };

/** A bus, its topics and its subscribers, and what may happen to them. */
export class World {
  readonly bus: TestBus;
  readonly subscribers: ModelSubscriber[] = [];
  readonly #topics = new Map<string, ModelTopic>();
  readonly #plans: readonly TopicPlan[];
  readonly #keys: number;

  /** `born`: how many of the planned topics are there from the beginning. `keys`: how many rows a table may have. */
  constructor({ born, plans = topicPlans, keys = 5 }: { born: number; plans?: readonly TopicPlan[]; keys?: number }) {
    this.#plans = plans;
    this.#keys = keys;
    this.bus = new TestBus({
      historyLimitsOf: ({ name }) => {
        const history = plans.find((plan) => plan.name === name)?.history ?? 0;
        return history === 0 ? undefined : { maxCount: history, maxBytes: 1_000_000, maxAgeMs: 20_000 };
      },
    });
    this.#record();
    for (let i = 0; i < born; i++) this.#birth();
  }

  /** Does it, and looks at every ledger. */
  step(step: Step): void {
    this.#do(step);
    for (const subscriber of this.subscribers) subscriber.checkLedgers();
    this.#checkFates();
    if (step.do !== 'turn' && step.do !== 'pass') return;
    for (const subscriber of this.subscribers) if (subscriber.isConnected) subscriber.checkCounts();
  }

  /** Everyone reads again, and time passes until nothing is left to tell. */
  comeToRest(): void {
    this.bus.turn();
    for (const subscriber of this.subscribers) {
      if (!subscriber.isConnected) subscriber.reconnect(false);
      subscriber.resume();
      subscriber.catchUp(Number.POSITIVE_INFINITY, true);
    }
    this.bus.pass(250_000); // more than two beats of the slowest rate
    for (const subscriber of this.subscribers) {
      subscriber.checkLedgers();
      subscriber.checkCounts();
      subscriber.checkPresent();
    }
  }

  /** What the hub counts of all subscribers together is what their ledgers say. */
  #checkFates(): void {
    const { hub } = this.bus.bus;
    const all = emptyLedger();
    for (const subscriber of this.subscribers) addLedger(all, subscriber.lifetime());
    const { delivered, filtered, missed, conflated } = hub.fates;
    const counted = { delivered, filtered, missed, pending: hub.pending(Number.POSITIVE_INFINITY) };
    const sums = { ...counted, conflated: conflated.slow + conflated.rate + conflated.paused };
    for (const [fate, count] of Object.entries(sums)) {
      const told = all[fate as keyof Ledger];
      if (count !== told) throw new Error(`the hub counts ${count} ${fate}, the ledgers ${told}`);
    }
  }

  #do(step: Step): void {
    switch (step.do) {
      case 'turn':
        this.bus.turn();
        break;
      case 'pass':
        this.bus.pass(step.ms);
        this.bus.bus.hub.sweep(this.bus.nowMs * 1000);
        break;
      case 'birth':
        this.#birth();
        break;
      case 'join': {
        const { since, isSlow } = step;
        this.subscribers.push(new ModelSubscriber(this.bus, this.#topics, step, { since }, isSlow));
        break;
      }
      case 'publish':
      case 'remove':
      case 'clear':
        this.#speak(step, this.#topic(step.topic));
        break;
      default: {
        const who = this.subscribers[step.who % this.subscribers.length];
        if (who !== undefined && who.isConnected !== (step.do === 'reconnect')) this.#act(step, who);
      }
    }
  }

  #speak(step: Step & { do: 'publish' | 'remove' | 'clear' }, topic: ModelTopic): void {
    const { nowMs } = this.bus;
    if (step.do === 'publish') {
      for (const dice of step.dice) topic.publish(dice, (dice >> 6) % this.#keys, nowMs);
    } else if (topic.kind === 'keyed') {
      const rows = step.do === 'remove' ? step.rows : Array.from({ length: step.count }, (_, row) => row);
      for (const row of rows) topic.remove(row % (this.#keys + 1), nowMs);
    }
  }

  #act(step: Extract<Step, { who: number }>, who: ModelSubscriber): void {
    switch (step.do) {
      case 'change':
        who.change(step.keepsLooks ? tweaked(who.view, step.view) : step.view);
        break;
      case 'verify':
        who.verify(this.#topic(step.topic), step.want);
        break;
      case 'catchUp':
        who.catchUp(step.bytes, step.mayRelease);
        break;
      case 'reconnect':
        who.reconnect(step.who % 2 === 0);
        break;
      default:
        who[step.do]();
    }
  }

  /** Rows expire by themselves, so what is published is known at the hub's door. */
  #record(): void {
    const { hub } = this.bus.bus;
    const publish = hub.publish.bind(hub);
    hub.publish = (publication) => {
      this.#topics.get(publication.topic.name)?.record(publication, this.bus.nowMs);
      publish(publication);
    };
  }

  #birth(): void {
    const plan = this.#plans[this.#topics.size];
    if (plan === undefined) return;
    this.#topics.set(plan.name, new ModelTopic(plan, this.bus.topic(plan.name, plan.kind, schemas[plan.shape])));
  }

  #topic(n: number): ModelTopic {
    const all = [...this.#topics.values()];
    return all[n % all.length] as ModelTopic;
  }
}

function tweaked({ fields, filter }: ViewRequest, { maxRate, delta }: ViewRequest): ViewRequest {
  return { ...(fields && { fields }), ...(filter && { filter }), ...(maxRate && { maxRate }), ...(delta && { delta }) };
}
