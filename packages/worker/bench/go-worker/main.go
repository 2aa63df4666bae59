// Command go-worker is a plain queue worker, for comparison: what a good programmer writes in an afternoon with
// the AWS SDK for Go. For each job it makes one request to each service: GetObject, PutItem, SendMessage,
// DeleteMessage; messages are received ten at a time. It keeps no lease, retries nothing, and batches nothing.
//
// Its environment: JOBS_QUEUE_URL, RESULTS_QUEUE_URL, RESULTS_TABLE, CONCURRENCY, and what the SDK reads.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/url"
	"os"
	"os/signal"
	"strconv"
	"sync"
	"syscall"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	dynamotypes "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// How many of the most frequent words a record has: as many as our worker's default.
const topWords = 100

type worker struct {
	s3       *s3.Client
	sqs      *sqs.Client
	dynamodb *dynamodb.Client
	jobs     string
	results  string
	table    string
	lines    sync.Mutex
}

// The part of an S3 event that a job needs.
type announcement struct {
	Records []struct {
		S3 struct {
			Bucket struct {
				Name string `json:"name"`
			} `json:"bucket"`
			Object struct {
				Key  string `json:"key"`
				ETag string `json:"eTag"`
			} `json:"object"`
		} `json:"s3"`
	}
}

// What is recorded and sent of one text.
type result struct {
	Bucket     string      `json:"bucket"`
	Key        string      `json:"key"`
	ETag       string      `json:"eTag"`
	Outcome    string      `json:"outcome"`
	Bytes      int         `json:"bytes"`
	Total      int         `json:"total"`
	Distinct   int         `json:"distinct"`
	Words      []wordCount `json:"words"`
	FinishedAt time.Time   `json:"finishedAt"`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	concurrency, err := strconv.Atoi(os.Getenv("CONCURRENCY"))
	if err != nil || concurrency < 1 {
		log.Fatalf("Expected CONCURRENCY to be a whole number from 1, got %q.", os.Getenv("CONCURRENCY"))
	}
	// Without this, connections beyond ten are closed after each response.
	client := awshttp.NewBuildableClient().WithTransportOptions(func(transport *http.Transport) {
		transport.MaxIdleConnsPerHost = 3 * concurrency
	})
	settings, err := config.LoadDefaultConfig(ctx, config.WithHTTPClient(client))
	if err != nil {
		log.Fatal(err)
	}
	w := &worker{
		s3:       s3.NewFromConfig(settings, func(options *s3.Options) { options.UsePathStyle = true }),
		sqs:      sqs.NewFromConfig(settings),
		dynamodb: dynamodb.NewFromConfig(settings),
		jobs:     os.Getenv("JOBS_QUEUE_URL"),
		results:  os.Getenv("RESULTS_QUEUE_URL"),
		table:    os.Getenv("RESULTS_TABLE"),
	}
	w.run(ctx, concurrency)
}

// Receives messages until the context ends; each worker takes the next one when it is done with its last.
func (w *worker) run(ctx context.Context, concurrency int) {
	messages := make(chan sqstypes.Message)
	var workers sync.WaitGroup
	for range concurrency {
		workers.Go(func() {
			for message := range messages {
				if err := w.do(context.WithoutCancel(ctx), message); err != nil {
					log.Print(err)
				}
			}
		})
	}
	for ctx.Err() == nil {
		received, err := w.sqs.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{
			QueueUrl:            &w.jobs,
			MaxNumberOfMessages: 10,
			WaitTimeSeconds:     20,
		})
		if err != nil {
			if ctx.Err() == nil {
				log.Print(err)
				time.Sleep(time.Second)
			}
			continue
		}
		for _, message := range received.Messages {
			messages <- message
		}
	}
	close(messages)
	workers.Wait()
}

// Does the job of one message: count, record, send, delete.
func (w *worker) do(ctx context.Context, message sqstypes.Message) error {
	var event announcement
	if err := json.Unmarshal([]byte(*message.Body), &event); err != nil {
		return fmt.Errorf("expected an S3 event: %w", err)
	}
	for _, record := range event.Records {
		key, err := url.QueryUnescape(record.S3.Object.Key)
		if err != nil {
			return err
		}
		if err := w.count(ctx, record.S3.Bucket.Name, key, record.S3.Object.ETag); err != nil {
			return fmt.Errorf("%s: %w", key, err)
		}
	}
	_, err := w.sqs.DeleteMessage(ctx, &sqs.DeleteMessageInput{
		QueueUrl:      &w.jobs,
		ReceiptHandle: message.ReceiptHandle,
	})
	return err
}

func (w *worker) count(ctx context.Context, bucket, key, eTag string) error {
	object, err := w.s3.GetObject(ctx, &s3.GetObjectInput{
		Bucket:  &bucket,
		Key:     &key,
		IfMatch: aws.String(`"` + eTag + `"`),
	})
	if err != nil {
		return err
	}
	text, err := io.ReadAll(object.Body)
	object.Body.Close()
	if err != nil {
		return err
	}
	counted := countWords(text)
	body, err := json.Marshal(result{
		Bucket:     bucket,
		Key:        key,
		ETag:       eTag,
		Outcome:    "counted",
		Bytes:      len(text),
		Total:      counted.total,
		Distinct:   len(counted.counts),
		Words:      counted.top(topWords),
		FinishedAt: time.Now().UTC(),
	})
	if err != nil {
		return err
	}
	if _, err := w.dynamodb.PutItem(ctx, &dynamodb.PutItemInput{
		TableName: &w.table,
		Item: map[string]dynamotypes.AttributeValue{
			"object": &dynamotypes.AttributeValueMemberS{Value: bucket + "/" + key},
			"result": &dynamotypes.AttributeValueMemberS{Value: string(body)},
		},
	}); err != nil {
		return err
	}
	if _, err := w.sqs.SendMessage(ctx, &sqs.SendMessageInput{
		QueueUrl:    &w.results,
		MessageBody: aws.String(string(body)),
	}); err != nil {
		return err
	}
	line, err := json.Marshal(map[string]any{"outcome": "counted", "key": key, "words": counted.total})
	if err != nil {
		return err
	}
	w.lines.Lock()
	defer w.lines.Unlock()
	_, err = os.Stdout.Write(append(line, '\n'))
	return err
}
