'use strict'
// Clients of the chaos test, on kafkajs: the same events as history.py's.

const { Kafka, logLevel } = require('kafkajs')

const say = (fields) => process.stdout.write(JSON.stringify(fields) + '\n')
const now = () => Number(process.hrtime.bigint())
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

function parse(words) {
  const args = { verb: words[0], rate: 50, partitions: 1 }
  for (let i = 1; i < words.length; i += 2) args[words[i].replace(/^--/, '')] = words[i + 1]
  return args
}

const client = (args) => new Kafka({
  clientId: 'kafkajs-history',
  brokers: args.bootstrap.split(','),
  logLevel: logLevel.NOTHING,
  connectionTimeout: 3000,
  requestTimeout: 10000,
  // An idempotent producer that gives a record up loses count of its sequence.
  retry: { retries: Number.MAX_SAFE_INTEGER, initialRetryTime: 50, maxRetryTime: 500 }
})

function untilStdinCloses() {
  const state = { ended: false }
  state.end = new Promise((resolve) => process.stdin.on('end', () => { state.ended = true; resolve() }))
  process.stdin.resume()
  return state
}

/** Sends numbered records, to each partition one after the other, until stdin closes. */
async function produce(args) {
  const state = untilStdinCloses()
  const producer = client(args).producer({ idempotent: true, maxInFlightRequests: 1, metadataMaxAge: 10000 })
  await producer.connect()
  const partitions = Number(args.partitions)
  await Promise.all([...Array(partitions).keys()].map(async (partition) => {
    for (let number = partition; !state.ended; number += partitions) {
      const key = `${args.name}-${number % (2 * partitions)}`
      const value = `${args.name}:${number}`
      const sentAt = now()
      say({ event: 'sent', key, value, at: sentAt })
      const [answer] = await producer.send({ topic: args.topic, acks: -1, messages: [{ key, value, partition }] })
      const offset = answer.baseOffset === undefined ? -1 : Number(answer.baseOffset)
      say({ event: 'acked', value, partition, offset, sentAt, at: now() })
      await pause(1000 * partitions / args.rate)
    }
  }))
  say({ event: 'end', left: 0 })
  await producer.disconnect()
}

/** A member of a group: commits after each batch, and asks for the group's offsets whenever it gets partitions. */
async function member(args) {
  const state = untilStdinCloses()
  const kafka = client(args)
  const admin = kafka.admin()
  await admin.connect()
  const source = kafka.consumer({
    groupId: args.group, sessionTimeout: 6000, heartbeatInterval: 500, maxWaitTimeInMs: 500, metadataMaxAge: 10000
  })
  const failed = (what) => (error) => say({ event: 'error', value: `${what}: ${error.message}` })
  await source.connect()
  source.on(source.events.GROUP_JOIN, async ({ payload }) => {
    const started = now()
    const found = await admin.fetchOffsets({ groupId: args.group, topics: [args.topic] }).catch(failed('fetchOffsets'))
    const mine = payload.memberAssignment[args.topic] || []
    for (const { partition, offset } of found ? found[0].partitions : []) {
      if (mine.includes(partition) && Number(offset) >= 0) {
        say({ event: 'fetched', partition, offset: Number(offset), started, at: now() })
      }
    }
  })
  source.on(source.events.CRASH, ({ payload }) => say({ event: 'error', value: `crash: ${payload.error.message}` }))
  await source.subscribe({ topics: [args.topic], fromBeginning: true })
  await source.run({
    autoCommit: false,
    partitionsConsumedConcurrently: 3,
    eachBatch: async ({ batch, resolveOffset, heartbeat, isRunning, isStale }) => {
      const { topic, partition } = batch
      for (const message of batch.messages) {
        if (!isRunning() || isStale()) return
        say({ event: 'record', partition, offset: Number(message.offset), value: message.value.toString(), at: now() })
        resolveOffset(message.offset)
      }
      const offset = Number(batch.lastOffset()) + 1
      const started = now()
      await source.commitOffsets([{ topic, partition, offset: String(offset) }]).then(
        () => say({ event: 'committed', partition, offset, started, at: now() }), failed('commit'))
      await heartbeat()
    }
  })
  await state.end
  await source.disconnect()
  await admin.disconnect()
  say({ event: 'end', left: 0 })
}

const args = parse(process.argv.slice(2))
const end = (code) => process.stdout.write('', () => process.exit(code)) // Not before what was said is written.
const verbs = { produce, member }
verbs[args.verb](args).then(() => end(0), (error) => { console.error(error); end(1) })
