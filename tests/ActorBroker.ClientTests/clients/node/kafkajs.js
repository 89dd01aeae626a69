'use strict'
// A Kafka client program on kafkajs.

const readline = require('readline')
const { CompressionTypes, Kafka, logLevel } = require('kafkajs')

const say = (fields) => process.stdout.write(JSON.stringify(fields) + '\n')

function parse(words) {
  const args = { verb: words[0], codec: 'none', count: 0, partitions: 1 }
  for (let i = 1; i < words.length; i++) {
    const name = words[i].replace(/^--/, '')
    args[name] = name === 'idempotent' ? true : words[++i]
  }
  return args
}

async function * records() {
  for await (const line of readline.createInterface({ input: process.stdin })) if (line.trim()) yield JSON.parse(line)
}

const client = (args) => new Kafka({
  clientId: 'kafkajs-tests',
  brokers: args.bootstrap.split(','),
  logLevel: logLevel.NOTHING,
  connectionTimeout: 10000, // By default 1 s.
  requestTimeout: 60000,
  retry: { retries: 20, initialRetryTime: 100, maxRetryTime: 1000 }
})

const shown = ({ topic, partition, message }) => ({
  topic,
  partition,
  offset: Number(message.offset),
  key: message.key === null ? null : message.key.toString(),
  value: message.value === null ? null : message.value.toString(),
  timestamp: Number(message.timestamp),
  headers: Object.fromEntries(Object.entries(message.headers || {}).map(([name, value]) => [name, value.toString()]))
})

async function produce(args) {
  const codec = { none: CompressionTypes.None, gzip: CompressionTypes.GZIP }[args.codec]
  if (codec === undefined) throw new Error('kafkajs has no codec ' + args.codec + ' of its own')
  const producer = client(args).producer({ idempotent: Boolean(args.idempotent), maxInFlightRequests: 1 })
  await producer.connect()
  const messages = []
  for await (const record of records()) {
    const message = { key: record.key, value: record.value, headers: record.headers || {} }
    if (Number.isInteger(record.partition)) message.partition = record.partition
    messages.push(message)
  }
  while (messages.length > 0) {
    const sent = messages.splice(0, 1000)
    for (const answer of await producer.send({ topic: args.topic, acks: -1, compression: codec, messages: sent })) {
      say({ partition: answer.partition, offset: Number(answer.baseOffset) })
    }
  }
  await producer.disconnect()
}

const consumer = (args) => client(args).consumer({
  groupId: args.group || 'kafkajs-' + args.topic,
  sessionTimeout: 45000,
  heartbeatInterval: 500,
  maxWaitTimeInMs: 500
})

async function consume(args) {
  const source = consumer(args)
  let left = Number(args.count)
  await source.connect()
  await source.subscribe({ topics: [args.topic], fromBeginning: true })
  await new Promise((resolve, reject) => {
    const silence = setTimeout(() => reject(new Error('no record for 120 s')), 120000)
    source.run({
      eachMessage: async (delivery) => {
        if (left === 0) return
        say(shown(delivery))
        silence.refresh()
        if (--left === 0) { clearTimeout(silence); resolve() }
      }
    }).catch(reject)
  })
  await source.disconnect()
}

async function member(args) {
  const source = consumer(args)
  const ended = new Promise((resolve) => { process.stdin.on('end', resolve); process.stdin.resume() })
  await source.connect()
  source.on(source.events.GROUP_JOIN, ({ payload }) =>
    say({ event: 'assigned', partitions: (payload.memberAssignment[args.topic] || []).sort((a, b) => a - b) }))
  await source.subscribe({ topics: [args.topic], fromBeginning: true })
  await source.run({
    autoCommitThreshold: 1,
    eachMessage: async (delivery) => say({ event: 'record', ...shown(delivery) })
  })
  await ended
  await source.disconnect()
  say({ event: 'left' })
}

async function create(args) {
  const admin = client(args).admin()
  await admin.connect()
  const topic = { topic: args.topic, numPartitions: Number(args.partitions), replicationFactor: 1 }
  await admin.createTopics({ waitForLeaders: true, timeout: 60000, topics: [topic] })
  await admin.disconnect()
  say({ created: args.topic })
}

const args = parse(process.argv.slice(2))
const verb = { produce, consume, member, create }[args.verb]
const end = (code) => process.stdout.write('', () => process.exit(code)) // Not before what was said is written.
verb(args).then(() => end(0), (error) => { console.error(error); end(1) })
